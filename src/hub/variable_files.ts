import * as fs from "fs"
import { FILE_ENDING, variablesInFiles } from "./known_variables"

/** Larger files hold no setting, but are named by mistake. */
const LARGEST_FILE_BYTES = 65_536

/** An environment in which variables that were given as files have their values. */
export interface FilledEnvironment {
  /** Without the `_FILE` variables that could be read; the others are left in it. */
  environment: NodeJS.ProcessEnv
  /** The variables that have their value from a file. */
  filled: string[]
  /** What is wrong with the others, one sentence each, without any content. */
  problems: string[]
}

/**
 * Returns a copy of `environment` in which `NAME` has the content of the file that `NAME_FILE` names, without line ends
 * at its end, for every variable of the hub and those in `ofActions`.
 */
export function withFilesRead(environment: NodeJS.ProcessEnv, ofActions: readonly string[] = []): FilledEnvironment {
  const result: FilledEnvironment = { environment: { ...environment }, filled: [], problems: [] }
  for (const name of variablesInFiles(environment, ofActions)) {
    const fileVariable = `${name}${FILE_ENDING}`
    const file = (environment[fileVariable] ?? "").trim()
    if ((environment[name] ?? "").trim() !== "") {
      result.problems.push(`${name} and ${fileVariable} are both set: set one of them`)
      continue
    }
    const { value, problem } = valueIn(file)
    if (value === undefined) {
      result.problems.push(`${fileVariable} names the file ${file}, which ${problem}`)
    } else {
      result.environment[name] = value
      result.filled.push(name)
      delete result.environment[fileVariable]
    }
  }
  return result
}

type FileValue = { value: string, problem?: undefined } | { value?: undefined, problem: string }

function valueIn(file: string): FileValue {
  let bytes: Buffer
  try {
    bytes = beginningOf(file)
  } catch (failure) {
    return { problem: reasonFor(failure as NodeJS.ErrnoException) }
  }
  const value = bytes.toString("utf8").replace(/^\uFEFF/, "").replace(/[\r\n]+$/, "")
  if (bytes.length > LARGEST_FILE_BYTES) {
    return { problem: `is larger than ${LARGEST_FILE_BYTES} bytes: name the file that holds the value alone` }
  }
  if (value.trim() === "") {
    return { problem: "is empty: write the value into it" }
  }
  return value.includes("\0") ? { problem: "is no text: write the value into it, and nothing else" } : { value }
}

/** Reads one byte more than a value may have, so that what never ends is not read to its end. */
function beginningOf(file: string): Buffer {
  const descriptor = fs.openSync(file, "r")
  try {
    const bytes = Buffer.alloc(LARGEST_FILE_BYTES + 1)
    let length = 0
    for (let count = -1; count !== 0 && length < bytes.length; length += count) {
      count = fs.readSync(descriptor, bytes, length, bytes.length - length, null)
    }
    return bytes.subarray(0, length)
  } finally {
    fs.closeSync(descriptor)
  }
}

function reasonFor({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case "ENOENT":
      return "does not exist (ENOENT): set the path of a file that holds the value"
    case "EACCES":
    case "EPERM":
      return `this user may not read (${code}): give it the right to`
    case "EISDIR":
      return "is a directory (EISDIR): set the path of a file in it"
    default:
      return `cannot be read (${code ?? message}): set the path of a file that holds the value`
  }
}
