import { useEffect, useState } from "preact/hooks"

import { SAMPLES } from "./data/samples"
import type { Table } from "./data/table"
import { ActionCard } from "./parts/action_card"
import { AnswerCard } from "./parts/answer_card"
import { DataCard } from "./parts/data_card"
import { FormCard } from "./parts/form_card"
import { RequestsCard } from "./parts/requests_card"
import { type Delivery, formatsOf, SendCard } from "./parts/send_card"
import { StandInCard } from "./parts/stand_in_card"
import type { SentRequest } from "./requests/curl"
import { type FormSubject, useForm } from "./requests/form_session"
import { useLogin } from "./requests/login"
import { USUAL_PLAN } from "./requests/order"
import { useSend } from "./requests/send_session"
import { useStandIn } from "./requests/stand_in"
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
    { type: "query", format: "", transport: "usual", plan: USUAL_PLAN, cell: "" })
  const [requests, setRequests] = useState<SentRequest[]>([])
  const standIn = useStandIn()
  const action = actions.find((each) => each.name === name)

  const note = (request: SentRequest): void =>
    setRequests((before) => [...before.filter(({ title }) => title !== request.title), request])
  const login = useLogin()
  const allSettings = { ...settings, ...login.settings() }
  const subject: FormSubject = { action: name ?? "", version, settings: allSettings, state }
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
    setDelivery({ ...delivery, type: usualType(next), format: formatsOf(next)[0] ?? "" })
    form.clear()
    sender.clear()
    // If the hub is out of reach, the form says so.
    const others = await login.begin(next).catch(() => ({}))
    if (next.form_url !== null) {
      await form.open({ action: next.name, version, settings: { ...given, ...others }, state: undefined })
    }
  }
  useEffect(() => {
    void (async () => {
      const desk = hasStandIn ? await standIn.look() : undefined
      const first = actions.find((each) => each.name === desk?.action) ?? actions[0]
      if (first !== undefined) {
        await choose(first, first.name === desk?.action ? desk.settings : {})
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
  const openForm = async (): Promise<void> => {
    // Likewise.
    const brought = await login.collect().catch(() => undefined)
    if (brought !== undefined) {
      setState(brought)
    }
    await form.open({ ...subject, settings: { ...settings, ...login.settings() }, state: brought ?? state })
  }
  const choice = (chosen: string): void => {
    const next = actions.find((each) => each.name === chosen)
    if (next !== undefined) {
      void choose(next, chosen === standIn.desk?.action ? standIn.desk.settings : {})
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
      <DataCard table={table} onTable={setTable} file={file} onFile={setFile} />
      <div class="columns">
        {action === undefined ? null : (
          <SendCard
            action={action} delivery={delivery} isSending={sender.isSending} problem={sender.problem}
            onDelivery={(change) => setDelivery({ ...delivery, ...change })} onSend={() => void submit()}
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

function usualType({ supported_action_types: types }: ActionDefinition): ActionType {
  return types.includes("query") ? "query" : types[0] as ActionType | undefined ?? "query"
}
