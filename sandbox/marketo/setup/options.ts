import { CustomService } from "./custom_services"
import { FieldDefinition } from "./field_schema"
import { LedgerDetail } from "../ledger/ledger"

/** Groups of operations that take about the same time on a real instance. */
export type LatencyClass = "identity" | "read" | "list" | "sync" | "asset" | "trigger" | "bulk"

/** Milliseconds of work per call by group; `syncPerRecord` is added for every record of Sync Leads. */
export type Latency = Record<LatencyClass | "syncPerRecord", number>

/** About the times in recorded traffic. */
export const MARKETO_LATENCY: Readonly<Latency> = {
  identity: 200, read: 400, list: 450, sync: 1200, syncPerRecord: 2, asset: 400, trigger: 450, bulk: 500,
}

export const NO_LATENCY: Readonly<Latency> = {
  identity: 0, read: 0, list: 0, sync: 0, syncPerRecord: 0, asset: 0, trigger: 0, bulk: 0,
}

/** Calls of other integrations of the same instance. They use up rate, quota and slots, and are in no ledger. */
export interface BackgroundTenant {
  /** Calls taken out of every rate window. Default 0. */
  callsPerWindow: number
  /** Concurrency slots held all the time. Default 0. */
  slots: number
}

/** The knobs that a test may also turn while the sandbox runs (`sandbox.knobs`). */
export interface SandboxKnobs {
  /** Calls allowed in any window of `rateWindowMs`. Default 100. */
  rateLimit: number
  /** Width of the sliding window, ms. Default 20,000 (divided by `speed`). */
  rateWindowMs: number
  /** Calls being processed at once. Default 10. */
  concurrencyLimit: number
  /** Calls per day, reset at 06:00 UTC of the sandbox's clock. Default 50,000. */
  dailyQuota: number
  /** Other integrations' share. Default none. */
  backgroundTenant: BackgroundTenant
  /** Records per Sync Leads, list, delete, partition and member call, and values per filter. Default 300. */
  maxBatch: number
  /** Leads and tokens per campaign request. Default 100. */
  maxCampaignLeads: number
  /** Most leads a filter may match. Default 1,000. */
  maxFilterMatches: number
  /** The time for which leads by filter does not find a new lead, ms. Default 0. */
  filterLagMs: number
  /** Largest request body, bytes. Default 1,048,576. */
  maxBodyBytes: number
  /** Largest bulk import body, bytes. Default 10,485,760. */
  maxBulkBodyBytes: number
  /** Longest request URI, bytes. Default 8,192. */
  maxUriBytes: number
  /** ms of work per group of operations. Default none in process, `MARKETO_LATENCY` stand-alone. */
  latency: Latency
  /** Share of the latency that varies, 0 to 1, drawn from the seeded generator. Default 0. */
  latencyJitter: number
  /**
   * The time before its end at which an upsert looks its keys up, ms. Default Infinity: at its start. 0 closes the
   * race.
   */
  keyRaceWindowMs: number
  /** Seconds a fresh token lives. Default 3,600. */
  tokenLifeSeconds: number
  /** Addresses that may call; all if undefined. Others get 603. */
  ipAllowList: string[] | undefined
  /** Answers of 1,024 bytes or more are compressed for clients that accept it. Default true. */
  gzip: boolean
  /** Unknown field in a lead record: skip that record, or refuse the call. Default "record". */
  unknownField: "record" | "response"
  /** Read-only field in a lead record. Default "skip" (1003). */
  readOnlyField: "skip" | "ignore"
  /** Text longer than the field's length. Default "reject" (1003). */
  overlongText: "reject" | "truncate"
  /** Wording of the 1003 for a bad value: with the value (recorded 2021) or without (2020). Default "withValue". */
  badValueWording: "withValue" | "withoutValue"
  /** Company fields in Sync Leads. Default "accept"; "refuse" skips the record with 1021. */
  companyFields: "accept" | "refuse"
  /** E-mail and text keys are compared without regard to case. Default true. */
  caseInsensitiveKeys: boolean
  /** One new key twice in one call. Default "createThenUpdate". */
  sameKeyInCall: "createThenUpdate" | "createTwice"
  /** Lookup field `id` with createOrUpdate. Default "refuse" (1003); "update" as some recordings have it. */
  idWithCreateOrUpdate: "refuse" | "update"
  /**
   * The answers that have `moreResult: true` next to a page token. "documented" (default): all but lists and list
   * members, whose samples and recordings have the token alone. "everywhere": as the API description allows.
   */
  moreResult: "documented" | "everywhere"
  /**
   * The scope in which the name of a list that is created or renamed must be unique: the "instance" (default, as the
   * page on static lists has it) or its "folder". Existing lists may share a name either way.
   */
  listNames: "instance" | "folder"
  /** Level of 1025 "Program status not found". Default "response". */
  unknownStatusLevel: "response" | "record"
  /** ms a bulk import job takes once it runs. Default 0. */
  bulkJobMs: number
  /** ms that it takes for each of its rows besides. Default 0. */
  bulkRowMs: number
}

/** The options of `MarketoSandbox.start`. Each knob of `SandboxKnobs` is an option of the same name. */
export interface MarketoSandboxOptions extends Partial<Omit<SandboxKnobs, "latency" | "backgroundTenant">> {
  /** Port to listen on. Default 0: a free one. */
  port?: number
  /** Address to bind. Default 127.0.0.1. */
  host?: string
  /**
   * ms of work per call: one number for all groups, single groups, "marketo" for about the times of a real instance
   * (`MARKETO_LATENCY`), or "none". Default "none" in process; the stand-alone program's default is "marketo".
   */
  latency?: number | Partial<Latency> | "marketo" | "none"
  /**
   * The factor by which "Marketo time" runs faster. It divides `rateWindowMs` (if not given) and all latencies. Default
   * 1.
   */
  speed?: number
  backgroundTenant?: Partial<BackgroundTenant>
  /** Calls already used today. Default 0. */
  dailyUsed?: number
  /** ms since 1970; used for windows, quota, tokens and timestamps. Default the real clock. */
  now?: () => number
  /** Seed of the generator for faults, jitter and tokens. Default 1. */
  randomSeed?: number
  /** "default": the documented seed; "empty": schema, default partition, workspace and root folders only. */
  seed?: "default" | "empty"
  /** The number of static lists in the seed, to play a large instance. Default only the documented ones. */
  staticListCount?: number
  /** Custom fields besides those of the schema. Default none. */
  extraFields?: FieldDefinition[]
  /** API credentials; the first is the default one. Default one service with all permissions. */
  customServices?: Partial<CustomService>[]
  /** false keeps only a lead's searchable fields, to hold a million leads in little memory. Default true. */
  keepValues?: boolean
  /** "each" records every write to every lead; "counts" keeps sums only. Default "each". */
  ledgerDetail?: LedgerDetail
}

/** Returns the knobs that result from options, with Marketo's documented limits as defaults. */
export function knobsFrom(options: MarketoSandboxOptions): SandboxKnobs {
  const speed = options.speed ?? 1
  return {
    rateLimit: options.rateLimit ?? 100,
    rateWindowMs: options.rateWindowMs ?? 20_000 / speed,
    concurrencyLimit: options.concurrencyLimit ?? 10,
    dailyQuota: options.dailyQuota ?? 50_000,
    backgroundTenant: { callsPerWindow: 0, slots: 0, ...options.backgroundTenant },
    maxBatch: options.maxBatch ?? 300,
    maxCampaignLeads: options.maxCampaignLeads ?? 100,
    maxFilterMatches: options.maxFilterMatches ?? 1000,
    filterLagMs: options.filterLagMs ?? 0,
    maxBodyBytes: options.maxBodyBytes ?? 1_048_576,
    maxBulkBodyBytes: options.maxBulkBodyBytes ?? 10_485_760,
    maxUriBytes: options.maxUriBytes ?? 8_192,
    latency: latencyFrom(options.latency ?? "none", speed),
    latencyJitter: options.latencyJitter ?? 0,
    keyRaceWindowMs: options.keyRaceWindowMs ?? Infinity,
    tokenLifeSeconds: options.tokenLifeSeconds ?? 3600,
    ipAllowList: options.ipAllowList,
    gzip: options.gzip ?? true,
    unknownField: options.unknownField ?? "record",
    readOnlyField: options.readOnlyField ?? "skip",
    overlongText: options.overlongText ?? "reject",
    badValueWording: options.badValueWording ?? "withValue",
    companyFields: options.companyFields ?? "accept",
    caseInsensitiveKeys: options.caseInsensitiveKeys ?? true,
    sameKeyInCall: options.sameKeyInCall ?? "createThenUpdate",
    idWithCreateOrUpdate: options.idWithCreateOrUpdate ?? "refuse",
    moreResult: options.moreResult ?? "documented",
    listNames: options.listNames ?? "instance",
    unknownStatusLevel: options.unknownStatusLevel ?? "response",
    bulkJobMs: options.bulkJobMs ?? 0,
    bulkRowMs: options.bulkRowMs ?? 0,
  }
}

/** Returns one latency table from any of the forms the option has. `speed` divides every entry. */
export function latencyFrom(wanted: NonNullable<MarketoSandboxOptions["latency"]>, speed: number): Latency {
  const table: Latency = { ...NO_LATENCY }
  if (wanted === "marketo") {
    Object.assign(table, MARKETO_LATENCY)
  } else if (typeof wanted === "number") {
    for (const group of Object.keys(table) as (keyof Latency)[]) {
      table[group] = group === "syncPerRecord" ? 0 : wanted
    }
  } else if (wanted !== "none") {
    Object.assign(table, wanted)
  }
  for (const group of Object.keys(table) as (keyof Latency)[]) {
    table[group] /= speed
  }
  return table
}
