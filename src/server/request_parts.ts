import { AttachmentBytes } from "../hub/attachment_bytes"
import { RefusedPart } from "./refused_request"

/** Claims about a value of JSON, by the words that follow "has to be". */
const KINDS = {
  "text": (value: unknown) => typeof value === "string",
  "a number": (value: unknown) => typeof value === "number",
  "text or a number": (value: unknown) => typeof value === "string" || typeof value === "number",
  "true or false": (value: unknown) => typeof value === "boolean",
  "an object": isObject,
  "text, or JSON placed inline": (value: unknown) => typeof value === "string" || typeof value === "object",
} satisfies Record<string, (value: unknown) => boolean>

type Kind = keyof typeof KINDS

/** The types of the parts' members, if present. Source: Looker's Action API, and what its servers send. */
const MEMBERS: { part: string, members: { [name: string]: Kind } }[] = [
  {
    part: "attachment",
    members: { mimetype: "text", extension: "text", data: "text, or JSON placed inline" },
  },
  {
    part: "scheduled_plan",
    members: {
      scheduled_plan_id: "text or a number", title: "text", type: "text", url: "text",
      query_id: "text or a number", query: "an object", filters_differ_from_look: "true or false",
      download_url: "text", async_callback_url: "text",
    },
  },
]

/** The two parts that hold strings by name. */
const TEXT_MAPS = ["data", "form_params"]

/** The number of characters of a member's name that are repeated. */
const SHOWN_CHARACTERS = 60

/**
 * Checks that the parts of a body have the types that actions rely on. Parts and members that are missing, null or
 * otherwise empty are skipped, and so are unknown members. Numbers and booleans among settings and form inputs become
 * strings, which is what Looker sends.
 * Throws a RefusedPart that names the first part of another type.
 */
export function checkParts(body: unknown): void {
  if (!isObject(body)) {
    // A list is as good as an empty object.
    return
  }
  requireKind(body, "type", "text")
  requireKind(body, "state", "text")
  for (const { part, members } of MEMBERS) {
    const value = requireKind(body, part, "an object")
    for (const [name, kind] of Object.entries(members)) {
      if (isObject(value)) {
        requireKind(value, name, kind, `${part}.`)
      }
    }
  }
  for (const part of TEXT_MAPS) {
    const map = requireKind(body, part, "an object")
    if (isObject(map)) {
      makeTexts(map, part)
    }
  }
}

/** Returns the member's value, if present. */
function requireKind(parent: Record<string, unknown>, name: string, kind: Kind, path = ""): unknown {
  const value = own(parent, name)
  if (isEmpty(value) || KINDS[kind](value)) {
    return value
  }
  throw new RefusedPart(400, `The request's "${path}${name}" has to be ${kind}.`)
}

function makeTexts(map: Record<string, unknown>, part: string): void {
  for (const [name, value] of Object.entries(map)) {
    if (typeof value === "object" && value !== null) {
      const shown = name.length > SHOWN_CHARACTERS ? `${name.slice(0, SHOWN_CHARACTERS)}...` : name
      throw new RefusedPart(400, `The value of "${shown}" in the request's "${part}" has to be text.`)
    }
    if (typeof value === "number" || typeof value === "boolean") {
      map[name] = String(value)
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof AttachmentBytes)
}

/** Empty parts have always been skipped, whatever their type. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === false || value === 0
}

function own(parent: object, name: string): unknown {
  return Object.prototype.hasOwnProperty.call(parent, name) ? (parent as Record<string, unknown>)[name] : undefined
}
