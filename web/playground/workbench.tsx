import { useEffect, useState } from "preact/hooks"

import { SAMPLES } from "./data/samples"
import type { Table } from "./data/table"
import { ActionCard } from "./parts/action_card"
import { AnswerCard } from "./parts/answer_card"
import { DataCard } from "./parts/data_card"
import { FormCard } from "./parts/form_card"
import { RequestsCard } from "./parts/requests_card"
import { type Delivery, SendCard, USUAL_CELL, withType } from "./parts/send_card"
import { StandInCard } from "./parts/stand_in_card"
import type { SentRequest } from "./requests/curl"
import { type FormSubject, useForm } from "./requests/form_session"
import { useLogin } from "./requests/login"
import { USUAL_PLAN } from "./requests/order"
import { useSend } from "./requests/send_session"
import { type Desk, useStandIn } from "./requests/stand_in"
import { type ActionDefinition, type ActionType, keptState, type Texts } from "./requests/wire"

const SAMPLE_ROWS = 3

interface WorkbenchProps {
  actions: ActionDefinition[]
  hasStandIn: boolean
  version: string
  onVersion: (version: string) => void
}

/** Everything that one send needs, from the action to the answer. */
export function Workbench({ actions, hasStandIn, version, onVersion }: WorkbenchProps) {
  const [name, setName] = useState<string>()
  const [settings, setSettings] = useState<Texts>({})
  const [state, setState] = useState<string>()
  const [table, setTable] = useState<Table>(() => SAMPLES[0].table(SAMPLE_ROWS))
  const [file, setFile] = useState<File>()
  const [delivery, setDelivery] = useState<Delivery>(
    { type: "query", format: "", transport: "usual", plan: USUAL_PLAN, cell: USUAL_CELL })
  const [requests, setRequests] = useState<SentRequest[]>([])
  const standIn = useStandIn()
  const action = actions.find((each) => each.name === name)

  const note = (request: SentRequest): void =>
    setRequests((before) => [...before.filter(({ title }) => title !== request.title), request])
  const login = useLogin()
  const allSettings = { ...settings, ...login.settings() }
  const subject: FormSubject = {
    action: name ?? "", version, settings: allSettings, state, type: delivery.type, cell: delivery.cell,
  }
  const form = useForm(subject, (request, next) => {
    note(request)
    setState((kept) => keptState(kept, next))
  })
  const sender = useSend({
    onSent: note, onState: (next) => setState((kept) => keptState(kept, next)),
    onChange: async () => hasStandIn ? void await standIn.look() : undefined,
  })
  const choose = async (next: ActionDefinition, given: Texts): Promise<void> => {
    setName(next.name)
    setSettings(given)
    setState(undefined)
    setRequests([])
    const type = usualType(next)
    setDelivery(withType({ ...delivery, format: "" }, next, type))
    form.clear()
    sender.clear()
    // If the hub is out of reach, the form says so.
    const others = await login.begin(next).catch(() => ({}))
    if (next.form_url !== null) {
      await form.open({
        action: next.name, version, settings: { ...given, ...others }, state: undefined, type, cell: delivery.cell,
      })
    }
  }
  useEffect(() => {
    void (async () => {
      const desk = hasStandIn ? await standIn.look() : undefined
      const first = actions.find((each) => each.name === desk?.action) ?? actions[0]
      if (first !== undefined) {
        await choose(first, settingsFor(first, desk))
      }
      await (hasStandIn ? standIn.mark() : undefined)
    })()
  }, [])

  const submit = async (): Promise<void> => {
    if (action !== undefined) {
      await (hasStandIn ? standIn.mark() : undefined)
      await sender.send({ action, version, settings: allSettings, state, table, file, ...delivery }, form)
    }
  }
  const openForm = async (wanted = delivery): Promise<void> => {
    // Likewise.
    const brought = await login.collect().catch(() => undefined)
    if (brought !== undefined) {
      setState(brought)
    }
    await form.open({
      ...subject, settings: { ...settings, ...login.settings() }, state: brought ?? state, type: wanted.type,
      cell: wanted.cell,
    })
  }
  const deliver = (next: Delivery): void => {
    setDelivery(next)
    if (next.type !== delivery.type && action !== undefined && action.form_url !== null) {
      void openForm(next)
    }
  }
  const choice = (chosen: string): void => {
    const next = actions.find((each) => each.name === chosen)
    if (next !== undefined) {
      void choose(next, settingsFor(next, standIn.desk))
    }
  }
  return (
    <>
      <div class="columns">
        <ActionCard
          actions={actions} action={action} version={version} settings={settings} onVersion={onVersion}
          onAction={choice} onSetting={(each, value) => setSettings({ ...settings, [each]: value })}
        />
        {action === undefined ? null :
          <FormCard
            hasForm={action.form_url !== null} form={form} problems={sender.problems} onOpen={() => void openForm()}
          />}
      </div>
      <DataCard
        table={table} onTable={setTable} file={file} onFile={setFile} type={delivery.type} cell={delivery.cell}
        onCell={(cell) => setDelivery({ ...delivery, cell })}
        onCellDone={() => action === undefined || action.form_url === null ? undefined : void openForm()}
      />
      <div class="columns">
        {action === undefined ? null : (
          <SendCard
            action={action} delivery={delivery} isSending={sender.isSending} problem={sender.problem}
            onDelivery={deliver} onSend={() => void submit()}
          />
        )}
        {sender.sending === undefined ? null : <AnswerCard sending={sender.sending} />}
        {hasStandIn ? <StandInCard standIn={standIn} /> : null}
      </div>
      {requests.length === 0 || action === undefined ? null : (
        <RequestsCard
          requests={requests}
          secretNames={["state_json", ...action.params.filter(({ sensitive }) => sensitive).map((param) => param.name)]}
        />
      )}
    </>
  )
}

/** Returns the stand-in's settings for actions that have all of them: every action on the same service. */
function settingsFor({ params }: ActionDefinition, desk: Desk | undefined): Texts {
  return desk !== undefined && Object.keys(desk.settings).every((name) => params.some((each) => each.name === name)) ?
    desk.settings : {}
}

function usualType({ supported_action_types: types }: ActionDefinition): ActionType {
  return types.includes("query") ? "query" : types[0] as ActionType | undefined ?? "query"
}
