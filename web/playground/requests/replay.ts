import type { Texts } from "./wire"

/** Raised for values that cannot be read; the message is for the person who gave them. */
export class ReplayError extends Error {}

/**
 * Reads the values that a schedule has saved for an action's form: a JSON object, one that has it as `form_params` or,
 * as in Looker's API, as text in `parameters`, or lines of `name=value`. Throws a ReplayError.
 */
export function readSavedValues(text: string): Texts {
  const trimmed = text.trim()
  return trimmed.startsWith("{") || trimmed.startsWith("[") ? fromJson(trimmed) : fromLines(trimmed)
}

function fromJson(text: string): Texts {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (failure) {
    throw new ReplayError(`This is no proper JSON: ${(failure as Error).message}`)
  }
  if (Array.isArray(value) || typeof value !== "object" || value === null) {
    throw new ReplayError("Paste one JSON object, with a text for each field.")
  }
  const { form_params: formParams, parameters } = value as { form_params?: unknown, parameters?: unknown }
  if (typeof formParams === "object" && formParams !== null) {
    return texts(formParams)
  }
  return typeof parameters === "string" && parameters.startsWith("{") ? fromJson(parameters) : texts(value)
}

function texts(value: object): Texts {
  return Object.fromEntries(Object.entries(value).map(([name, each]) => {
    if (typeof each === "object" && each !== null) {
      throw new ReplayError(`The value of "${name}" is no text.`)
    }
    return [name, each === null ? "" : String(each)]
  }))
}

function fromLines(text: string): Texts {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "")
  return Object.fromEntries(lines.map((line) => {
    const at = line.indexOf("=")
    if (at < 1) {
      throw new ReplayError(`"${line}" is not of the form name=value.`)
    }
    return [line.slice(0, at).trim(), line.slice(at + 1).trim()]
  }))
}
