import * as fs from "node:fs"
import { parseArgs } from "node:util"
import { MarketoError, RunStoppedError } from "../../src/actions/marketo/lib/errors"
import { SchemaField } from "../../src/actions/marketo/lib/api/types"
import { quantity } from "../../src/hub/quantity"
import { readInstanceFields } from "./instance_fields"
import { LookmlError, LookmlField, readLookmlFields } from "./lookml_view"
import { InstanceFields, isMarketoTag, suggestedTags, tagsText, writableFields, wrongTags } from "./tag_check"

export const HELP = `Finds the LookML tags with which columns feed Marketo fields, and checks those that a file has.

  npm run marketo:tags                            lists the tags of all fields that can be written
  npm run marketo:tags -- --view users.view.lkml  checks the file's tags, and suggests some for its other fields

  --view <file>   a LookML view file; may be given several times
  --help          this text

The instance is told by the environment, or by a .env file here:

  MARKETO_URL             REST endpoint, such as https://123-ABC-456.mktorest.com
  MARKETO_CLIENT_ID       of a custom service whose role has Read-Only Lead or Read-Write Lead
  MARKETO_CLIENT_SECRET

Exit code: 0 when all is well, 1 when a file has wrong tags, 2 when the check could not be made.
`

/** Where the program writes to. */
export interface Output {
  write(text: string): void
  writeError(text: string): void
}

/** Runs the program. Gives back the exit code; what goes wrong is told in words. */
export async function runTagProgram(
  args: string[], environment: { [name: string]: string | undefined }, output: Output, longestWaitMs?: number,
): Promise<0 | 1 | 2> {
  try {
    const { values } = parseArgs({ args, options: {
      view: { type: "string", multiple: true }, help: { type: "boolean" },
    } })
    if (values.help) {
      output.write(HELP)
      return 0
    }
    const files = (values.view ?? []).map((path) => ({ path, fields: fieldsOf(path) }))
    const instance = await readInstanceFields(environment, (text) => output.writeError(text), longestWaitMs)
    if (files.length === 0) {
      output.write(listing(instance))
      return 0
    }
    const wrongCounts = files.map(({ path, fields }) => report(path, fields, instance, output))
    return wrongCounts.some((count) => count > 0) ? 1 : 0
  } catch (failure) {
    const isExpected = failure instanceof MarketoError || failure instanceof RunStoppedError ||
      failure instanceof UnreadableFile || isArgumentError(failure)
    if (isExpected) {
      const remedy = isArgumentError(failure) ? ". The option --help tells what there is." : ""
      output.writeError(`${failure.message}${remedy}\n`)
      return 2
    }
    throw failure
  }
}

/** A file that is not there, or is not LookML. */
class UnreadableFile extends Error {}

function fieldsOf(path: string): LookmlField[] {
  try {
    return readLookmlFields(fs.readFileSync(path, "utf8"))
  } catch (failure) {
    if (failure instanceof LookmlError) {
      throw new UnreadableFile(`${path} cannot be read as a LookML view: ${failure.message}`)
    }
    const { code } = failure as NodeJS.ErrnoException
    if (code === undefined) {
      throw failure
    }
    throw new UnreadableFile(code === "ENOENT" ? `There is no file ${path}.` : `${path} cannot be read (${code}).`)
  }
}

function isArgumentError(failure: unknown): failure is Error {
  const { code } = failure as { code?: unknown }
  return failure instanceof Error && typeof code === "string" && code.startsWith("ERR_PARSE_ARGS")
}

function listing(instance: InstanceFields): string {
  return writableFields(instance).map((field) => line("", [`marketo:${field.name}`], field)).join("")
}

/** Writes what is to be said of one file; gives back the number of its wrong tags. */
function report(path: string, fields: LookmlField[], instance: InstanceFields, output: Output): number {
  const wrong = wrongTags(fields, instance)
  for (const { field, message } of wrong) {
    output.write(`${path}:${field.line}: ${field.kind} ${field.name} ${message}\n`)
  }
  for (const { field, tags, target } of suggestedTags(fields, instance)) {
    output.write(line(`${path}:${field.line}: ${field.kind} ${field.name} could have `, tags, target))
  }
  const tagCount = fields.flatMap((field) => field.tags).filter(isMarketoTag).length
  const counts = [quantity(fields.length, "field"), quantity(tagCount, "Marketo tag"), `${wrong.length} wrong`]
  output.write(`${path}: ${counts.join(", ")}.\n`)
  return wrong.length
}

function line(start: string, tags: string[], { displayName, dataType, length }: SchemaField): string {
  const type = length === undefined ? dataType : `${dataType}, ${length} characters`
  return `${start}${tagsText(tags)} # ${displayName} (${type})\n`
}
