import { AttachmentBytes } from "../hub/attachment_bytes"
import { RefusedPart } from "./refused_request"

/** Claims about a value of JSON, by the words that follow "has to be". */
const KINDS = {
  "a text": (value: unknown) => typeof value === "string",
  "a number": (value: unknown) => typeof value === "number",
  "a text or a number": (value: unknown) => typeof value === "string" || typeof value === "number",
  "true or false": (value: unknown) => typeof value === "boolean",
  "an object": isObject,
  "a text, or JSON placed inline": (value: unknown) => typeof value === "string" || typeof value === "object",
} satisfies Record<string, (value: unknown) => boolean>

type Kind = keyof typeof KINDS

/** What the members of parts have to be, if they are there. Source: Looker's Action API, and what its servers send. */
const MEMBERS: { part: string, members: { [name: string]: Kind } }[] = [
  {
    part: "attachment",
    members: { mimetype: "a text", extension: "a text", data: "a text, or JSON placed inline" },
  },
  {
    part: "scheduled_plan",
    members: {
      scheduled_plan_id: "a text or a number", title: "a text", type: "a text", url: "a text",
      query_id: "a text or a number", query: "an object", filters_differ_from_look: "true or false",
      download_url: "a text", async_callback_url: "a text",
    },
  },
]

/** The two parts that hold texts by name. */
const TEXT_MAPS = ["data", "form_params"]

/** How much of a member's name is repeated. */
const SHOWN_CHARACTERS = 60

/**
 * Makes sure that the parts of a body are what actions take for granted. Parts and members that are missing, null or
 * otherwise empty are none of its business, nor are members that it does not know. Numbers and truth values among
 * settings and form inputs become texts, which is what Looker sends.
 * Throws a RefusedPart that names the first part that is something else.
 */
export function checkParts(body: unknown): void {
  if (!isObject(body)) {
    // A list is as good as an empty object.
    return
  }
  requireKind(body, "type", "a text")
  requireKind(body, "state", "a text")
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

/** The member's value, when it is there. */
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
      throw new RefusedPart(400, `The value of "${shown}" in the request's "${part}" has to be a text.`)
    }
    if (typeof value === "number" || typeof value === "boolean") {
      map[name] = String(value)
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof AttachmentBytes)
}

/** Parts that are empty have always been passed over, whatever their type. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === false || value === 0
}

function own(parent: object, name: string): unknown {
  return Object.prototype.hasOwnProperty.call(parent, name) ? (parent as Record<string, unknown>)[name] : undefined
}
