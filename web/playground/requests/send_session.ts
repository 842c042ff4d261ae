import { useRef, useState } from "preact/hooks"

import type { SendEvent, Transport } from "../../../src/console/playground/send_events"
import { wordsOf } from "../../shared/api"
import { documentOf, FILE_FORMATS, type LookerDocument } from "../data/documents"
import type { SentRequest } from "./curl"
import type { FormSession } from "./form_session"
import { type ChosenTransport, executeBody, type SendChoices } from "./order"
import { send, type Sending } from "./sending"
import type { ActionDefinition, ActionState, LookerAnswer, Texts } from "./wire"

const MISSING = "Looker does not send without it."

/** How often news of others are looked at while a run lasts, in ms. */
const LOOK_EVERY_MS = 1000

interface WantedSend extends Omit<SendChoices, "values"> {
  action: ActionDefinition
  version: string
  transport: ChosenTransport
  file: File | undefined
}

interface SendListeners {
  onSent: (request: SentRequest) => void
  onState: (state: ActionState | undefined) => void
  /** Something may have changed where the action sends to. */
  onChange: () => Promise<void>
}

/** The latest send, and what came of it. */
export interface SendSession {
  sending: Sending | undefined
  isSending: boolean
  /** Why nothing was sent. */
  problem: string | undefined
  /** What is wrong with fields of the form. */
  problems: Texts
  send: (wanted: WantedSend, form: FormSession) => Promise<void>
  clear: () => void
}

export function useSend({ onSent, onState, onChange }: SendListeners): SendSession {
  const [sending, setSending] = useState<Sending>()
  const [problem, setProblem] = useState<string>()
  const [problems, setProblems] = useState<Texts>({})
  // A run goes on when another action is chosen; what it says then is for nobody.
  const turn = useRef(0)

  const begin = async (wanted: WantedSend, values: Texts): Promise<void> => {
    const own = ++turn.current
    const startedAt = performance.now()
    const update = (change: Partial<Sending>): void => {
      if (own === turn.current) {
        setSending((before) => ({ ...before, ...change }))
      }
    }
    const handle = (event: SendEvent): void => {
      if (own !== turn.current) {
        return
      }
      switch (event.kind) {
        case "sent":
          onSent({ title: "The send", version: wanted.version, ...event })
          return
        case "progress":
          update({ run: event.run })
          return
        case "alive":
          return
        case "failure":
          update({ failure: event.message })
          return
        case "answer": {
          const answer = lookerAnswer(event.body)
          update(answer === undefined ? { failure: refusalOf(event.status, event.body) } : { answer })
          setProblems(answer?.validation_errors ?? {})
          onState(answer?.state)
        }
      }
    }
    let sent: Awaited<ReturnType<typeof documentFor>>
    try {
      sent = await documentFor(wanted)
    } catch (thrown) {
      setProblem(wordsOf(thrown))
      return
    }
    setSending({})
    const timer = setInterval(() => void onChange(), LOOK_EVERY_MS)
    try {
      await send({
        action: wanted.action.name, version: wanted.version, body: executeBody({ ...wanted, values }),
        document: sent, transport: transportOf(wanted),
      }, handle)
    } catch (thrown) {
      update({ failure: wordsOf(thrown) })
    } finally {
      clearInterval(timer)
      update({ tookMs: performance.now() - startedAt })
      await onChange()
    }
  }
  return {
    sending, problem, problems,
    isSending: sending !== undefined && sending.tookMs === undefined,
    send: async (wanted, form) => {
      const missing = missingFields(form)
      setProblems(missing)
      setProblem(Object.keys(missing).length > 0 ? "Some of the form is missing." : undefined)
      if (Object.keys(missing).length === 0) {
        await begin(wanted, form.values)
      }
    },
    clear: () => {
      turn.current++
      setSending(undefined)
      setProblem(undefined)
      setProblems({})
    },
  }
}

/** Values of a schedule are sent as they are; what a person enters has to be complete. */
function missingFields({ fields, values, isReplayed }: FormSession): Texts {
  return Object.fromEntries((isReplayed ? [] : fields)
    .filter(({ name, required }) => required === true && (values[name] ?? "") === "")
    .map(({ name }) => [name, MISSING]))
}

/** Returns what is sent; undefined for actions on cells. Throws an Error if a format needs a file. */
async function documentFor({ type, format, table, file, plan }: WantedSend): Promise<LookerDocument | undefined> {
  const fileFormat = Object.hasOwn(FILE_FORMATS, format) ? FILE_FORMATS[format] : undefined
  if (type === "cell") {
    return undefined
  }
  if (fileFormat !== undefined) {
    if (file === undefined) {
      throw new Error(`The format ${format} needs a file: choose one under Data.`)
    }
    return { data: file, ...fileFormat }
  }
  const written = documentOf(table, format, plan)
  return file === undefined ? written : { ...written, data: await file.text() }
}

function transportOf({ action, format, transport }: WantedSend): Transport {
  return format === "inline_json" ? "inline" : transport !== "usual" ? transport :
    action.supported_download_settings.includes("url") ? "url" : "push"
}

function lookerAnswer(body: unknown): LookerAnswer | undefined {
  const { looker } = (body ?? {}) as { looker?: LookerAnswer }
  return typeof looker === "object" && looker !== null ? looker : undefined
}

function refusalOf(status: number, body: unknown): string {
  const { error } = (body ?? {}) as { error?: unknown }
  return typeof error === "string" ? error :
    `The hub answered with ${status}, and with nothing that Looker understands.`
}
