import { ApiError, Call, World } from "./api_reply"

/** Returns the JSON body as an object. Throws 1003 if it is something else. */
export function bodyObject(call: Call): Record<string, unknown> {
  if (typeof call.json !== "object" || call.json === null || Array.isArray(call.json)) {
    throw new ApiError("1003", "Invalid request body: an object is required")
  }
  return call.json as Record<string, unknown>
}

/** Returns `input` of the JSON body, 1 to `maxBatch` elements. Throws 1002 or 1003 otherwise. */
export function inputOf(call: Call, world: World): unknown[] {
  const { input } = bodyObject(call)
  if (input === undefined || input === null) {
    throw new ApiError("1002", "Missing value for the required parameter 'input'")
  }
  if (!Array.isArray(input) || input.length === 0) {
    throw new ApiError("1003", "Invalid value for 'input': a list with at least one record is required")
  }
  refuseOverfull(input.length, world.knobs.maxBatch)
  return input
}

/** Returns lead ids from the query (repeated or comma list) or from the JSON body, in the order sent. */
export function leadIdsOf(call: Call, world: World, member: "id" | "leadId" = "id"): number[] {
  const named = call.parameters.list(member)
  const input = (call.json as { input?: unknown } | undefined | null)?.input
  const fromBody = Array.isArray(input)
    ? input.map((record) => (record as Record<string, unknown> | null)?.[member] ?? null) : []
  const sent: unknown[] = named.length > 0 ? named : fromBody
  if (sent.length === 0) {
    throw new ApiError("1003", "Lead ids not specified")
  }
  refuseOverfull(sent.length, world.knobs.maxBatch)
  call.entry.batchSize = sent.length
  return sent.map(numberFrom)
}

/** Returns a whole number from a path, a parameter or JSON. Throws 1001 otherwise. */
export function numberFrom(sent: unknown): number {
  const isNumber = (typeof sent === "number" && Number.isInteger(sent))
    || (typeof sent === "string" && /^\s*\d+\s*$/.test(sent))
  if (!isNumber) {
    throw new ApiError("1001", `For input string: "${String(sent)}" failed to convert to a number`)
  }
  return Number(sent)
}

export function refuseOverfull(count: number, most: number) {
  if (count > most) {
    throw new ApiError("1003", `Too many records in one call: ${count} sent, at most ${most} allowed`)
  }
}
