import { MarketoClient } from "../api/client"
import { LeadSchema } from "../api/types"
import { isAccessDenied, MarketoError, refusal } from "../errors"
import { listing } from "../words/listing"
import { sentence } from "../words/sentence"
import { resolveLists } from "./list_names"
import { ALWAYS_SEARCHABLE, lookupFieldsOf } from "./lookup_fields"
import { MembershipChange, targetKind } from "./membership_change"
import { RunSettings } from "./run_settings"

type CampaignChange = MembershipChange & { kind: "requestCampaign" }

/** Facts about the instance that are known before the first lead is sent. */
export interface InstanceKnowledge {
  /** Absent when the API user may not read it. */
  schema?: LeadSchema
  /** The changes of the settings, with the ids of lists that are given by name. */
  changes: MembershipChange[]
  /** Sentences for the report about what could not be checked. */
  notes: string[]
}

/**
 * Checks against the instance what can be checked before a lead is sent: the credentials, the lookup field, the
 * lists, campaigns and programs. What the API user may not read is not checked, and a note explains that.
 * Throws MarketoSettingsError for what cannot work, and MarketoError if Marketo cannot be asked.
 */
export async function checkInstance(client: MarketoClient, settings: RunSettings): Promise<InstanceKnowledge> {
  const notes = [...settings.notes]
  const denied: Denied[] = []
  // What was found to be in order is trusted for some minutes; what was not is asked again.
  const checkedRecently = async <T>(what: string, check: () => Promise<T>) =>
    client.recall(`${what} for ${JSON.stringify(settings.changes)}`, check)
  const [schema, changes, aboutPrograms] = await Promise.all([
    permitted(client.recall("schema", async () => client.leads.describe()),
      "lead fields", "Read-Write Lead", denied),
    answered(resolvedChanges(client, settings, notes), "list's name"),
    permitted(checkedRecently("programs", async () => checkPrograms(client, settings.changes)),
      "programs", "Read-Only Assets", denied),
    permitted(checkedRecently("lists", async () => checkLists(client, settings.changes)),
      "lists", "Read-Write Lead", denied),
    permitted(checkedRecently("campaigns", async () => checkCampaigns(client, settings.changes)),
      "campaigns", "Read-Only Campaign", denied),
    permitted(checkPartition(client, settings.partitionName), "partitions", "Read-Write Lead", denied),
  ])
  notes.push(...aboutPrograms ?? [], ...deniedSentences(denied))
  if (schema !== undefined) {
    checkLookupField(schema, settings.lookupField)
  }
  return { schema, changes, notes }
}

/**
 * Reads the fields of program members, to check columns against. Resolves to undefined, and adds a note, if the API
 * user may not read them. Throws MarketoError if Marketo cannot be asked.
 */
export async function memberSchemaOf(client: MarketoClient, notes: string[]): Promise<LeadSchema | undefined> {
  const denied: Denied[] = []
  const schema = await permitted(client.recall("program member schema", async () => client.programs.describeMembers()),
    "fields of program members", "Read-Write Lead", denied)
  notes.push(...deniedSentences(denied))
  return schema
}

/** Something that the API user may not read. */
interface Denied {
  what: string
  permission: string
}

/** Returns a sentence for each permission that is missing. */
function deniedSentences(denied: Denied[]): string[] {
  const permissions = [...new Set(denied.map(({ permission }) => permission))]
  return permissions.map((permission) => {
    const whats = denied.filter((each) => each.permission === permission).map(({ what }) => what)
    return `The ${whats.join(" and the ")} could not be checked, since the API user may not read them (permission ` +
      `${permission}).`
  })
}

/**
 * Resolves to undefined, and notes it, if Marketo itself denies access to the answer: then the run is still of use
 * without the check. Any other failure keeps it from starting, for what is not known could be wrong. Throws as
 * MarketoCaller.send does.
 */
async function permitted<T>(
  promise: Promise<T>, what: string, permission: string, denied: Denied[],
): Promise<T | undefined> {
  try {
    return await answered(promise, what)
  } catch (failure) {
    if (isAccessDenied(failure)) {
      denied.push({ what, permission })
      return undefined
    }
    throw failure
  }
}

/** Adds what it was about to Marketo's refusal of a question. */
async function answered<T>(promise: Promise<T>, what: string): Promise<T> {
  try {
    return await promise
  } catch (failure) {
    throw failure instanceof MarketoError && failure.kind === "rejected" ? unanswered(failure, what) : failure
  }
}

/** Returns the error for a question that Marketo itself refuses, for a reason that repeating does not change. */
function unanswered(failure: MarketoError, what: string): MarketoError {
  const { kind, origin, code, said, requestId } = failure
  return new MarketoError(kind, `Nothing was sent, since the ${what} could not be checked: ` +
    `${sentence(failure.message)} If sending again does not help, ask your Marketo administrator.`,
  { origin, code, said, requestId, original: failure })
}

function checkLookupField(schema: LeadSchema, lookupField: string): void {
  const searchable = lookupFieldsOf(schema)
  if (ALWAYS_SEARCHABLE.includes(lookupField) || schema.searchableFields.length === 0 ||
    searchable.includes(lookupField)) {
    return
  }
  const isKnown = schema.fields.some((field) => field.name === lookupField)
  const message = isKnown ?
    `Marketo cannot look leads up by the field "${lookupField}".` :
    `Marketo has no lead field with the REST API name "${lookupField}".`
  throw refusal("lookupField", `${message} Choose one of: ${listing(searchable)}.`)
}

async function checkLists(client: MarketoClient, changes: MembershipChange[]): Promise<void> {
  const ids = changes.filter((change) => targetKind(change) === "list").map((change) => change.target.id)
    .filter((id): id is string => id !== undefined)
  if (ids.length === 0) {
    return
  }
  const found = (await client.lists.byId(ids)).map((list) => String(list.id))
  const missing = ids.filter((id) => !found.includes(id))
  if (missing.length > 0) {
    throw refusal("campaignId", `Marketo has no static list with the ID ${eitherOf(missing)} that this API ` +
      "user can see. The ID stands in the list's address in Marketo, such as 1234 in #ST1234A1; smart lists have no " +
      "members to add or remove.")
  }
}

/** Gives lists their ids that are given by name. A dry run notes that one would be created. */
async function resolvedChanges(
  client: MarketoClient, settings: RunSettings, notes: string[],
): Promise<MembershipChange[]> {
  const { changes, missing } = await resolveLists(client, settings.changes)
  for (const name of settings.isDryRun ? missing : []) {
    notes.push(`There is no static list "${name}" yet; a real run would create it, for which the API user needs ` +
      "the permission Read-Write Assets.")
  }
  return changes
}

/** Refuses a partition that is not there: Marketo would refuse every lead. */
async function checkPartition(client: MarketoClient, name: string | undefined): Promise<void> {
  if (name === undefined) {
    return
  }
  const partitions = (await client.recall("partitions", async () => client.leads.partitions()))
    .map((partition) => partition.name)
  if (!partitions.includes(name)) {
    throw refusal("partition", `Marketo has no lead partition "${name}" that this API user can see. ` +
      (partitions.length === 0 ? "It sees none." : `Choose one of: ${listing(partitions)}.`))
  }
}

async function checkCampaigns(client: MarketoClient, changes: MembershipChange[]): Promise<void> {
  const ids = changes.filter((change): change is CampaignChange => change.kind === "requestCampaign")
    .map((change) => change.target.id)
  if (ids.length === 0) {
    return
  }
  const triggerable = (await client.campaigns.byId(ids, true)).map((campaign) => String(campaign.id))
  const others = ids.filter((id) => !triggerable.includes(id))
  if (others.length === 0) {
    return
  }
  const known = await client.campaigns.byId(others, false)
  const missing = others.filter((id) => !known.some((campaign) => String(campaign.id) === id))
  if (missing.length > 0) {
    throw refusal("campaignId", `Marketo has no smart campaign with the ID ${eitherOf(missing)} that this API ` +
      "user can see. The ID stands in the campaign's address in Marketo, such as 1234 in #SC1234B2.")
  }
  const unfit = known[0]
  const name = `The campaign "${unfit.name}" (${unfit.id})`
  if (unfit.type !== undefined && unfit.type !== "trigger") {
    throw refusal("campaignId", `${name} is a ${unfit.type} campaign; only trigger campaigns can be ` +
      "requested. Give its smart list the trigger \"Campaign is Requested\" with source \"Web Service API\".")
  }
  throw refusal("campaignId", unfit.active === false ?
    `${name} is not active. Activate it in Marketo, under its Schedule tab.` :
    `${name} cannot be requested. Give its smart list the trigger "Campaign is Requested" with source ` +
      "\"Web Service API\".")
}

/** Resolves to what could not be checked; sentences. */
async function checkPrograms(client: MarketoClient, changes: MembershipChange[]): Promise<string[]> {
  const notes: string[] = []
  for (const change of changes) {
    if (change.kind === "addToProgram" || change.kind === "removeFromProgram") {
      const program = await client.programs.one(change.target.id)
      if (program === undefined) {
        throw refusal("campaignId", `Marketo has no program with the ID ${change.target.id} that this API user ` +
          "can see. The ID stands in the program's address in Marketo, such as 1234 in #PG1234A1.")
      }
      if (change.kind === "addToProgram" && program.channel !== undefined) {
        const statuses = await client.programs.channelStatuses(program.channel)
        if (statuses.length === 0) {
          notes.push(`The status "${change.status}" could not be checked, since Marketo does not name the statuses ` +
            `of the channel "${program.channel}".`)
        } else {
          checkStatus(change.status, program.name, statuses)
        }
      }
    }
  }
  return notes
}

function checkStatus(status: string, programName: string, statuses: string[]): void {
  if (!statuses.includes(status)) {
    throw refusal("programStatus", `The program "${programName}" has no status "${status}". ` +
      `Choose one of: ${listing(statuses)}.`)
  }
}

/** "77", "77 or 78", "77, 78 or 79". */
function eitherOf(ids: string[]): string {
  return ids.length === 1 ? ids[0] : `${ids.slice(0, -1).join(", ")} or ${ids[ids.length - 1]}`
}
