import type { Transport } from "../../../src/console/playground/send_events"
import type { Table } from "../data/table"
import type { ActionType, Texts } from "./wire"

/** How data travels: as the action asks for it, or otherwise. */
export type ChosenTransport = "usual" | Exclude<Transport, "inline">

/** The schedule, or the single send, that is played. Texts as typed. */
export interface Plan {
  id: string
  title: string
  type: string
  timezone: string
  limit: string
}

export const USUAL_PLAN: Plan = { id: "1", title: "Leads", type: "Look", timezone: "UTC", limit: "50000" }

/** What a person has chosen for a send. */
export interface SendChoices {
  type: ActionType
  settings: Texts
  values: Texts
  /** What the action has asked Looker to keep. */
  state: string | undefined
  format: string
  plan: Plan
  table: Table
  /** The value of the cell, for actions on cells. */
  cell: string
}

/** What a form is asked for with: the value of the cell only for actions on cells. */
export interface FormChoices extends Pick<SendChoices, "type" | "settings" | "state" | "cell"> {
  values: Texts
}

/** Returns the body of the request for a form. */
export function formBody({ type, settings, values, state, cell }: FormChoices): Record<string, unknown> {
  return { type, data: { ...dataOf(settings, state), ...valueOf(type, cell) }, form_params: values }
}

/** Returns the body of the request for a run, as Looker words it; the hub adds data and addresses. */
export function executeBody(choices: SendChoices): Record<string, unknown> {
  const { type, settings, values, state, format, cell } = choices
  return {
    type,
    scheduled_plan: planOf(choices),
    data: { ...dataOf(settings, state), ...valueOf(type, cell) },
    form_params: { ...(type === "cell" ? {} : { format }), ...values },
  }
}

function planOf({ plan, table, type }: SendChoices): object {
  const { id, title, type: planType, timezone, limit } = plan
  const address = `https://looker.example.com/${planType === "Dashboard" ? "dashboards" : "looks"}/1`
  const shown = {
    scheduled_plan_id: id === "" ? null : /^\d{1,15}$/.test(id) ? Number(id) : id,
    title, type: planType, url: address, filters_differ_from_look: false,
  }
  return type === "dashboard" ? { ...shown, query_id: null, query: null } : {
    ...shown,
    query_id: 1,
    query: {
      fields: table.columns.map(({ name }) => name),
      pivots: table.columns.some(({ isPivoted }) => isPivoted) ? ["pivot.year"] : null,
      limit: limit === "" ? null : limit,
      query_timezone: timezone === "" ? null : timezone,
      vis_config: { hidden_fields: table.columns.filter(({ isHidden }) => isHidden).map(({ name }) => name) },
    },
  }
}

function valueOf(type: ActionType, cell: string): Texts {
  return type === "cell" ? { value: cell } : {}
}

function dataOf(settings: Texts, state: string | undefined): Texts {
  return state === undefined ? settings : { ...settings, state_json: state }
}
