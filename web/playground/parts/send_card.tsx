import { FILE_FORMATS, WRITTEN_FORMATS } from "../data/documents"
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

interface SendCardProps {
  action: ActionDefinition
  delivery: Delivery
  onDelivery: (change: Partial<Delivery>) => void
  isSending: boolean
  problem: string | undefined
  onSend: () => void
}

const TRANSPORTS: { name: ChosenTransport, label: string }[] = [
  { name: "usual", label: "as the action asks for it" }, { name: "url", label: "by a one-time URL" },
  { name: "push", label: "in the request" },
]

const PLAN_TYPES = ["Look", "Dashboard"].map((name) => ({ name, label: name }))

/** Returns the formats that an action takes, those first that the page can write. */
export function formatsOf({ supported_formats: formats }: ActionDefinition): string[] {
  return formats ?? [...WRITTEN_FORMATS, ...Object.keys(FILE_FORMATS)]
}

/** The type of the request, the format, the plan, and the button. */
export function SendCard({ action, delivery, onDelivery, isSending, problem, onSend }: SendCardProps) {
  const { type, format, transport, plan, cell } = delivery
  const setPlan = (change: Partial<Plan>): void => onDelivery({ plan: { ...plan, ...change } })
  return (
    <section class="card" aria-labelledby="send-title">
      <h2 id="send-title">4. Send</h2>
      <div class="pairs">
        <Select
          label="Type of the request" value={type} onChange={(name) => onDelivery({ type: name as ActionType })}
          options={ACTION_TYPES.map((name) => ({ name, label: labelOfType(name, action) }))}
        />
        {type === "cell" ?
          <Input label="Value of the cell" value={cell} onInput={(value) => onDelivery({ cell: value })} /> : (
            <>
              <Select
                label="Format" value={format} onChange={(name) => onDelivery({ format: name })}
                options={formatsOf(action).map((name) => ({ name, label: name }))}
              />
              <Select
                label="Data goes" value={transport} options={TRANSPORTS}
                onChange={(name) => onDelivery({ transport: name as ChosenTransport })}
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
