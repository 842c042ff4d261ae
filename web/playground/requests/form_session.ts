import { useRef, useState } from "preact/hooks"

import { ask, wordsOf } from "../../shared/api"
import type { SentRequest } from "./curl"
import { formBody } from "./order"
import type { ActionState, ActionType, FormAnswer, FormField, Texts } from "./wire"

/** The action whose form is asked for, with everything that goes along. */
export interface FormSubject {
  action: string
  version: string
  settings: Texts
  state: string | undefined
  type: ActionType
  /** The value of the cell, for actions on cells. */
  cell: string
}

/** A form that is shown, and what has been entered into it. */
export interface FormSession {
  fields: FormField[]
  values: Texts
  isAsking: boolean
  /** What the action says in place of the form. */
  error: string | undefined
  /** Why no form came at all. */
  failure: string | undefined
  /** Values that are replayed although the form has no such field. */
  unknownValues: string[]
  /** The values are those of a schedule, as it has saved them. */
  isReplayed: boolean
  /** Fetches the form anew, as when Looker opens it. Values are kept. */
  open: (subject: FormSubject) => Promise<void>
  /** Takes what is typed. */
  enter: (name: string, value: string) => void
  /** Takes what has been chosen, and fetches the form anew if the field asks for that. */
  change: (field: FormField, value: string) => Promise<void>
  /** Takes what a schedule has saved, and leaves it as it is. */
  replay: (values: Texts) => Promise<void>
  /** Forgets everything, for another action. */
  clear: () => void
}

interface Shown {
  fields: FormField[]
  values: Texts
  error?: string
  failure?: string
  isReplayed: boolean
}

const NOTHING: Shown = { fields: [], values: {}, isReplayed: false }

/**
 * Keeps a form. As in Looker, values stay when a form is fetched anew, those of fields that are gone are dropped, and
 * new fields have their defaults.
 */
export function useForm(
  subject: FormSubject, onAnswer: (request: SentRequest, state: ActionState | undefined) => void,
): FormSession {
  const [shown, setShown] = useState(NOTHING)
  const [isAsking, setAsking] = useState(false)
  // What is typed while a form is on its way must not be lost, and only the latest form counts.
  const latest = useRef({ shown, asked: 0 })
  const show = (next: Shown): void => {
    latest.current.shown = next
    setShown(next)
  }
  const fetchForm = async (isReplayed: boolean, asked: FormSubject): Promise<void> => {
    const turn = ++latest.current.asked
    setAsking(true)
    const request = requestFor(asked, latest.current.shown.values)
    try {
      const answer = await ask<FormAnswer>("POST", "playground/form",
        { action: asked.action, version: asked.version, body: request.body })
      if (turn === latest.current.asked) {
        onAnswer(request, answer.state)
        show(afterAnswer(answer, latest.current.shown.values, isReplayed))
      }
    } catch (thrown) {
      if (turn === latest.current.asked) {
        show({ ...latest.current.shown, fields: [], error: undefined, failure: wordsOf(thrown) })
      }
    } finally {
      if (turn === latest.current.asked) {
        setAsking(false)
      }
    }
  }
  const enter = (name: string, value: string): void => {
    const { current } = latest
    show({ ...current.shown, values: { ...current.shown.values, [name]: value } })
  }
  return {
    ...shown, isAsking, error: shown.error, failure: shown.failure,
    unknownValues: shown.isReplayed ? Object.keys(shown.values).filter((name) => !hasField(shown.fields, name)) : [],
    open: async (asked) => fetchForm(latest.current.shown.isReplayed, asked),
    enter,
    change: async (field, value) => {
      enter(field.name, value)
      if (field.interactive === true) {
        await fetchForm(false, subject)
      }
    },
    replay: async (values) => {
      show({ ...latest.current.shown, values, isReplayed: true })
      await fetchForm(true, subject)
    },
    clear: () => {
      latest.current.asked++
      setAsking(false)
      show(NOTHING)
    },
  }
}

function requestFor({ action, version, ...choices }: FormSubject, values: Texts): SentRequest {
  const path = `/actions/${encodeURIComponent(action)}/form`
  return { title: "The form", path, version, body: formBody({ ...choices, values }) }
}

function afterAnswer({ fields = [], error }: FormAnswer, values: Texts, isReplayed: boolean): Shown {
  if (error !== undefined && error !== null) {
    return { fields: [], values, error: typeof error === "string" ? error : JSON.stringify(error), isReplayed }
  }
  const inputs = fields.filter(({ type }) => type !== "message" && type?.startsWith("oauth_link") !== true)
  const kept = Object.fromEntries(inputs.flatMap(({ name, default: usual }) => {
    const value = values[name] ?? usual
    return value === undefined ? [] : [[name, value]]
  }))
  return { fields, values: isReplayed ? values : kept, isReplayed }
}

function hasField(fields: FormField[], name: string): boolean {
  return name === "format" || fields.some((field) => field.name === name)
}
