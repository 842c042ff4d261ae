import { SchemaField } from "../api/types"

/** SOAP names of lead fields, and the REST API names of the same fields. Only older fields have one. */
export type SoapNames = Map<string, string>

/** A guess at what a name that is no REST API name was meant to be. */
export type NameMeaning =
  | { kind: "displayName" | "soapName" | "spelling", restName: string }
  | { kind: "unknown", closest: string[] }

/** Most names that are suggested for one. */
const MOST_SUGGESTIONS = 3

/** Shorter beginnings are shared by too many names to mean anything. */
const SHORTEST_BEGINNING = 3

/**
 * What a name that no field has was meant to be: the display or SOAP name of a field, a REST API name in another
 * spelling (case, blanks, underscores), or something close to one, the closest first.
 */
export function meaningOfName(name: string, fields: SchemaField[], soapNames: SoapNames = new Map()): NameMeaning {
  const soapName = soapNames.get(name)
  if (soapName !== undefined) {
    return { kind: "soapName", restName: soapName }
  }
  const lowerCase = name.toLowerCase()
  const shown = fields.find((field) => displayNameOf(field).toLowerCase() === lowerCase)
  if (shown !== undefined) {
    return { kind: "displayName", restName: shown.name }
  }
  const key = nameKey(name)
  const spelled = fields.find((field) => nameKey(field.name) === key) ??
    fields.find((field) => nameKey(displayNameOf(field)) === key)
  if (spelled !== undefined) {
    return { kind: "spelling", restName: spelled.name }
  }
  return { kind: "unknown", closest: closestNames(key, fields) }
}

/** A name without what people write differently: case, blanks, underscores and the like. */
export function nameKey(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "")
}

/** Marketo promises no display name. */
function displayNameOf({ displayName }: Partial<SchemaField>): string {
  return displayName ?? ""
}

function closestNames(key: string, fields: SchemaField[]): string[] {
  const most = Math.max(1, Math.floor(key.length / 3))
  const candidates: { name: string, distance: number }[] = []
  for (const field of fields) {
    const distance = Math.min(...[field.name, displayNameOf(field)]
      .map((name) => distanceOf(key, nameKey(name), most)))
    if (distance <= most) {
      candidates.push({ name: field.name, distance })
    }
  }
  return candidates.sort((one, other) => one.distance - other.distance)
    .slice(0, MOST_SUGGESTIONS).map((candidate) => candidate.name)
}

/** The edits between two names; one that the other begins with is as far as any name that is still suggested. */
function distanceOf(one: string, other: string, most: number): number {
  const distance = Math.abs(one.length - other.length) > most ? Infinity : editDistance(one, other)
  const shorter = Math.min(one.length, other.length)
  const isBeginning = shorter >= SHORTEST_BEGINNING && (one.startsWith(other) || other.startsWith(one))
  return isBeginning ? Math.min(distance, most) : distance
}

/** Characters to insert, remove, replace, or swap with their neighbour (optimal string alignment). */
export function editDistance(one: string, other: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_none, index) => index)
  for (let row = 1; row <= one.length; row++) {
    const current = [row]
    for (let column = 1; column <= other.length; column++) {
      const isEqual = one[row - 1] === other[column - 1]
      let least = Math.min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (isEqual ? 0 : 1))
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]) {
        least = Math.min(least, beforeLast[column - 2] + 1)
      }
      current.push(least)
    }
    beforeLast = last
    last = current
  }
  return last[other.length]
}
