import { MarketoError } from "../../src/actions/marketo/lib/errors"
import { askInstance } from "../../src/check/marketo_instance"
import { InstanceFields } from "./tag_check"

interface Environment {
  [name: string]: string | undefined
}

/** A run waits for hours, but a person at a terminal does not. */
const LONGEST_WAIT_MS = 30000

/**
 * Reads the lead fields of the instance that the environment names. Without their SOAP names or the fields of program
 * members, and with a warning, when these cannot be read. Throws MarketoError, with what to do, when the variables are
 * not set or Marketo cannot be asked, and RunStoppedError when it did not answer in time.
 */
export async function readInstanceFields(
  environment: Environment, warn: (text: string) => void, longestWaitMs = LONGEST_WAIT_MS,
): Promise<InstanceFields> {
  return askInstance(environment, longestWaitMs, async ({ client }) => ({
    schema: await client.leads.describe(),
    soapNames: await orWarned(client.leads.soapNames(), "SOAP names", warn) ?? new Map<string, string>(),
    memberSchema: await orWarned(client.programs.describeMembers(), "Fields of program members", warn),
  }))
}

/** Resolves to undefined, with a warning, if Marketo does not give an answer. */
async function orWarned<T>(answer: Promise<T>, what: string, warn: (text: string) => void): Promise<T | undefined> {
  try {
    return await answer
  } catch (failure) {
    if (failure instanceof MarketoError) {
      warn(`${what} are left aside, since they could not be read: ${failure.message}\n`)
      return undefined
    }
    throw failure
  }
}
