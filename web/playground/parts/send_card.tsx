import { DASHBOARD_FORMATS, FILE_FORMATS, WRITTEN_FORMATS } from "../data/documents"
import type { ChosenTransport, Plan } from "../requests/order"
import { ACTION_TYPES, type ActionDefinition, type ActionType } from "../requests/wire"
import { Input, Select } from "./input"

/** How a person wants to send. */
export interface Delivery {
  type: ActionType
  format: string
  transport: ChosenTransport
  plan: Plan
  /** The value of the cell, for actions on cells. */
  cell: string
}

/** A value that the samples have, too. */
export const USUAL_CELL = "person1@example.com"

interface SendCardProps {
  action: ActionDefinition
  delivery: Delivery
  onDelivery: (delivery: Delivery) => void
  isSending: boolean
  problem: string | undefined
  onSend: () => void
}

const TRANSPORTS: { name: ChosenTransport, label: string }[] = [
  { name: "usual", label: "as the action asks for it" }, { name: "url", label: "by a one-time URL" },
  { name: "push", label: "in the request" },
]

const PLAN_TYPES = ["Look", "Dashboard"].map((name) => ({ name, label: name }))

/** Returns the formats in which Looker offers a type of request to an action; none for a cell. */
function formatsOf({ supported_formats: formats }: ActionDefinition, type: ActionType): string[] {
  const all = formats ?? [...WRITTEN_FORMATS, ...Object.keys(FILE_FORMATS)]
  const ofDashboards = all.filter((format) => DASHBOARD_FORMATS.includes(format))
  return type === "cell" ? [] : type === "dashboard" && ofDashboards.length > 0 ? ofDashboards : all
}

/** Returns the delivery with another type, and what goes with it: a format and a kind of content. */
export function withType(delivery: Delivery, action: ActionDefinition, type: ActionType): Delivery {
  const formats = formatsOf(action, type)
  return {
    ...delivery, type, format: formats.includes(delivery.format) ? delivery.format : formats[0] ?? "",
    plan: { ...delivery.plan, type: type === "dashboard" ? "Dashboard" : "Look" },
  }
}

/** The type of the request, the format, the plan, and the button. */
export function SendCard({ action, delivery, onDelivery, isSending, problem, onSend }: SendCardProps) {
  const { type, format, transport, plan } = delivery
  const change = (next: Partial<Delivery>): void => onDelivery({ ...delivery, ...next })
  const setPlan = (next: Partial<Plan>): void => change({ plan: { ...plan, ...next } })
  return (
    <section class="card" aria-labelledby="send-title">
      <h2 id="send-title">4. Send</h2>
      <div class="pairs">
        <Select
          label="Type of the request" value={type}
          onChange={(name) => onDelivery(withType(delivery, action, name as ActionType))}
          options={ACTION_TYPES.map((name) => ({ name, label: labelOfType(name, action) }))}
        />
        {type === "cell" ? null : (
          <>
            <Select
              label="Format" value={format} onChange={(name) => change({ format: name })}
              options={formatsOf(action, type).map((name) => ({ name, label: name }))}
            />
            <Select
              label="Data goes" value={transport} options={TRANSPORTS}
              onChange={(name) => change({ transport: name as ChosenTransport })}
            />
          </>
        )}
      </div>
      <details>
        <summary>Schedule and query</summary>
        <div class="pairs">
          <Input label="Plan ID" value={plan.id} onInput={(id) => setPlan({ id })} hint="Empty for a single send." />
          <Input label="Title" value={plan.title} onInput={(title) => setPlan({ title })} />
          <Select
            label="Type of content" value={plan.type} options={PLAN_TYPES} onChange={(name) => setPlan({ type: name })}
          />
          <Input label="Time zone" value={plan.timezone} onInput={(timezone) => setPlan({ timezone })} />
          <Input label="Row limit" value={plan.limit} onInput={(limit) => setPlan({ limit })} hint="Empty for none." />
        </div>
      </details>
      <p class="problem" role="alert">{problem}</p>
      <button type="button" disabled={isSending} onClick={onSend}>{isSending ? "Sending ..." : "Send"}</button>
    </section>
  )
}

function labelOfType(name: ActionType, { supported_action_types: supported }: ActionDefinition): string {
  return supported.includes(name) ? name : `${name} (not supported by the action)`
}
