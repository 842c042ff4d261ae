import { TargetKind } from "../api/types"

/** Something of Marketo's that an address of its user interface stands for. */
export interface Addressed {
  /** In words that go on from "is a ". */
  thing: string
  /** Absent for what a send cannot use, such as a smart list. */
  kind?: TargetKind
  /** As digits, perhaps with zeros before them. */
  id: string
}

/** The letters before the number, as the address of a thing has them. */
const THINGS: { [prefix: string]: { thing: string, kind?: TargetKind } | undefined } = {
  ST: { thing: "list", kind: "list" },
  SC: { thing: "campaign", kind: "campaign" },
  PG: { thing: "program", kind: "program" },
  NP: { thing: "program", kind: "program" },
  ME: { thing: "program", kind: "program" },
  EBP: { thing: "program", kind: "program" },
  SL: { thing: "smart list" },
  EM: { thing: "email asset" },
  ET: { thing: "email template" },
  LP: { thing: "landing page" },
  LT: { thing: "landing page template" },
  FO: { thing: "form" },
  SN: { thing: "snippet" },
  MF: { thing: "folder" },
}

/** After the number, an address has the view of the thing that is shown, such as A1 or B2LA1. */
const TOKEN = /^([A-Z]{2,3})(\d+)([A-Z]+\d+)*$/i

/** Where another address begins within a text. One that is the value of a query parameter belongs to its address. */
const NEXT_ADDRESS = /(?<=[^\s=<("'])(?=https?:\/\/)/i

/**
 * Returns what an address of Marketo's user interface stands for: the whole of it, in the old interface
 * (https://app-sj01.marketo.com/#ST1001A1) or the new one
 * (https://experience.adobe.com/#/@org/so:123-ABC-456/marketo-engage/classic/ST1001A1), or its last part alone, with or
 * without the hash. Undefined for anything else, and for several addresses in one: none of them may be lost.
 */
export function addressed(text: string): Addressed | undefined {
  const last = text.trim().replace(/^["'<(]+|["'>).,;]+$/g, "").replace(/[?&][^#]*$/, "").replace(/\/+$/, "")
  const parts = last.split(/[#/]/)
  const thing = thingOf(parts.pop() ?? "")
  return NEXT_ADDRESS.test(last) || parts.some((part) => thingOf(part) !== undefined) ? undefined : thing
}

/** Splits a text where another address begins: a box of one line takes the line breaks out of what is pasted. */
export function apart(text: string): string[] {
  return text.split(NEXT_ADDRESS)
}

function thingOf(token: string): Addressed | undefined {
  const [, prefix = "", id = ""] = TOKEN.exec(token) ?? []
  const known = Object.prototype.hasOwnProperty.call(THINGS, prefix.toUpperCase()) ?
    THINGS[prefix.toUpperCase()] : undefined
  return known === undefined ? undefined : { ...known, id }
}
