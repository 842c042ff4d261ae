import { MINUTE_MS } from "./time_units"

/** Most leads one Sync Leads call takes. Source: Marketo developer guide, "Leads". */
export const MAX_LEADS_PER_SYNC = 300

/** Most values one look-up of leads takes. Source: Marketo developer guide, "Leads". */
export const MAX_VALUES_PER_LOOKUP = 300

/** Most ids one list call takes. Source: Marketo developer guide, "List Membership". */
export const MAX_LEADS_PER_LIST_CALL = 300

/** Most leads one Request Campaign call takes. Source: Marketo developer guide, "Smart Campaigns". */
export const MAX_LEADS_PER_CAMPAIGN_REQUEST = 100

/** Most members one program call takes. Source: Marketo developer guide, "Program Members". */
export const MAX_MEMBERS_PER_PROGRAM_CALL = 300

/** Leads that go into one call of each kind. */
export interface BatchSizes {
  sync: number
  list: number
  campaign: number
  program: number
  /** LARGEST_FILES if absent. */
  file?: FileSizes
}

/** The sizes of the files of a bulk import. */
export interface FileSizes {
  /** Most bytes of a file. */
  bytes: number
  /** Most leads of a file, since the run keeps their names until it knows what became of them. */
  leads: number
  /** Fewest leads that are worth a file: with fewer, calls are cheaper than asking how far the file is. */
  fewestLeads: number
  /** Leads that are kept back until it is decided whether they go as files. */
  undecidedLeads: number
}

/** Marketo takes 10 MB, and does not say which kind of megabyte. Source: "Bulk Lead Import". */
export const LARGEST_FILES: FileSizes = { bytes: 9500000, leads: 60000, fewestLeads: 1500, undecidedLeads: 30000 }

/** Files of ours that Marketo has at once: it works on two, and takes ten from all integrations. Source: same. */
export const FILES_AT_ONCE = 2

/** As many as Marketo takes: a call costs the same quota however many leads it carries. */
export const LARGEST_BATCHES: BatchSizes = {
  sync: MAX_LEADS_PER_SYNC,
  list: MAX_LEADS_PER_LIST_CALL,
  campaign: MAX_LEADS_PER_CAMPAIGN_REQUEST,
  program: MAX_MEMBERS_PER_PROGRAM_CALL,
}

/**
 * Largest body we send, in bytes of UTF-8. Marketo's limit is 1 MB and the documents do not say which kind of
 * megabyte; this is just under the smaller one. Source: "Integration Best Practices".
 */
export const MAX_BODY_BYTES = 990000

/** Largest path and query we send, in bytes. Marketo's limit is 8 KB. Source: "Error Codes", 414. */
export const MAX_URI_BYTES = 7000

/** Calls that one instance takes in any 20 seconds, all integrations together. Source: "Integration Best Practices". */
export const MARKETO_CALLS_PER_WINDOW = 100

/** Calls that one instance works on at once, all integrations together. Source: same. */
export const MARKETO_CONCURRENT_CALLS = 10

/** Calls a day that most contracts include. Source: same. The API does not give the real figure. */
export const MARKETO_USUAL_DAILY_QUOTA = 50000

/** A part of an instance's limits. */
export interface QuotaShare {
  /** Calls in any 20 seconds. */
  callsPerWindow: number
  /** Calls at once. */
  concurrentCalls: number
  /** Calls a day that all integrations together may use before ours stops; absent: until Marketo says so (607). */
  dailyAllowance?: number
}

/** Every span of time that a run observes, in milliseconds. */
export interface Pace {
  /** The window of Marketo's rate limit. Source: "Integration Best Practices". */
  rateWindowMs: number
  /** Added to the window, since calls do not take equally long to arrive. */
  rateSlackMs: number
  /** Time that Marketo works on a Sync Leads call before it gives up. Source: "Leads", time-outs. */
  syncServerTimeoutMs: number
  /** Time that we wait for the answer to a Sync Leads call: longer than the server, or a done call looks failed. */
  syncAnswerTimeoutMs: number
  /** The same for every other call. The slowest documented one is 60 s. */
  answerTimeoutMs: number
  /** Longest time that an identity call may take. */
  identityTimeoutMs: number
  /** A token with less life than this is renewed before it is used. */
  tokenMarginMs: number
  /** First wait before a repetition; doubles each time, with full jitter. */
  firstRetryMs: number
  /** Longest wait before a repetition. */
  longestRetryMs: number
  /** Time for which one call may be refused for lack of room (606, 615) or maintenance (608) before it is given up. */
  patienceMs: number
  /** Longest time of a run if the hub sets no limit itself: upstream's hub ends a run after one hour. */
  runLimitMs: number
  /** Longest time of a run for which somebody waits in front of a dialog. */
  dialogMs: number
  /** Time that a run which was told to stop waits for the calls on the wire. */
  stopGraceMs: number
  /** Time between two lines of the log on how far a run is. */
  progressMs: number
  /** Time that we wait until a file has been taken. */
  importAnswerTimeoutMs: number
  /** Shortest and longest wait before Marketo is asked how far a file is. Source: "Bulk Lead Import". */
  firstPollMs: number
  longestPollMs: number
  /** How long a file whose end we do not see is taken to be at work. No document gives a limit. */
  importLingerMs: number
}

/** Marketo's own pace. */
export const MARKETO_PACE: Pace = {
  rateWindowMs: 20000,
  rateSlackMs: 300,
  syncServerTimeoutMs: 90000,
  syncAnswerTimeoutMs: 100000,
  answerTimeoutMs: 70000,
  identityTimeoutMs: 20000,
  tokenMarginMs: MINUTE_MS,
  firstRetryMs: 2000,
  longestRetryMs: MINUTE_MS,
  patienceMs: 15 * MINUTE_MS,
  runLimitMs: 57 * MINUTE_MS,
  dialogMs: MINUTE_MS,
  stopGraceMs: 15000,
  progressMs: 10000,
  importAnswerTimeoutMs: 2 * MINUTE_MS,
  firstPollMs: 5000,
  longestPollMs: 30000,
  importLingerMs: 30 * MINUTE_MS,
}

/** Returns the same pace in a world that runs `speed` times faster; for a stand-in of Marketo whose clock does, too. */
export function fasterPace(speed: number): Pace {
  const pace: Pace = { ...MARKETO_PACE }
  for (const name of Object.keys(pace) as (keyof Pace)[]) {
    pace[name] = Math.max(1, pace[name] / speed)
  }
  // Sockets and timers do not run faster: what guards against them must not shrink to nothing.
  pace.rateSlackMs = Math.max(pace.rateSlackMs, 10)
  pace.identityTimeoutMs = MARKETO_PACE.identityTimeoutMs
  pace.progressMs = MARKETO_PACE.progressMs
  pace.importAnswerTimeoutMs = Math.max(pace.importAnswerTimeoutMs, 10000)
  return pace
}
