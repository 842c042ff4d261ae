import { performance } from "perf_hooks"
import { MarketoClient } from "../api/client"
import { FoundLead } from "../api/types"
import { MarketoError, RunStoppedError } from "../errors"
import { QueuedLead } from "../report/lead"
import { LeadLosses } from "./lead_losses"
import { comparisonFor, LookupComparison } from "./lookup_comparison"

/** The pause between look-ups doubles from Pace.firstRetryMs to this many times as much: from 2 to 10 seconds. */
const LONGEST_PAUSE = 5

/**
 * Finds out when leads whose upsert got no usable answer may be upserted again. Two upserts of one new lookup value
 * that overlap create two leads, and the lost one may be running yet; see retry_policy.ts. But whoever exists is found
 * by both of them, and nobody is created. So Marketo is asked: those who are found may be repeated at once, and
 * only the others have to wait until the lost upsert has surely ended. Meanwhile they are looked up again and again.
 *
 * Those who cannot be asked for wait in any case, and so does everybody when Marketo refuses the question.
 */
export class LostUpserts {
  private readonly comparison: LookupComparison

  constructor(private readonly client: MarketoClient, private readonly lookupField: string) {
    this.comparison = comparisonFor(lookupField)
  }

  /**
   * Calls back with leads as soon as their upsert can be repeated, and notes in `losses` what is learned of them.
   * `failure` is what happened to the upsert. Returns those for whom the run was told to stop before.
   */
  async untilRepeatable(
    leads: QueuedLead[], losses: LeadLosses, failure: MarketoError, onRepeatable: (leads: QueuedLead[]) => void,
  ): Promise<QueuedLead[]> {
    const { pace } = this.client
    const endsAt = losses.runningUntil(leads) ?? performance.now()
    let askable = leads.filter((lead) => this.questionFor(lead) !== undefined)
    const others = leads.filter((lead) => !askable.includes(lead))
    let pauseMs = pace.firstRetryMs
    let isAsking = askable.length > 0
    try {
      for (;;) {
        if (isAsking) {
          // When the time is over already, the answer may still show who was created.
          const leftMs = endsAt - performance.now()
          const found = await within(this.ask(askable), leftMs > 0 ? leftMs : pace.answerTimeoutMs)
          const present = found instanceof Map ? askable.filter((lead) => this.noteFound(lead, found, losses)) : []
          askable = askable.filter((lead) => !present.includes(lead))
          isAsking = askable.length > 0 && found !== "refused" && found !== "tooLate"
          if (present.length > 0) {
            onRepeatable(present)
          }
        }
        if (askable.length + others.length === 0) {
          return []
        }
        const waitMs = endsAt - performance.now()
        if (waitMs <= 0) {
          onRepeatable(askable.concat(others))
          return []
        }
        // The last pause is a longer one: the question at its end comes when the time is over. Timers may be early.
        await this.client.waitAfter(failure, isAsking && waitMs > 2 * pauseMs ? pauseMs : Math.ceil(waitMs) + 1)
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE * pace.firstRetryMs)
      }
    } catch (stopped) {
      if (stopped instanceof RunStoppedError) {
        return askable.concat(others)
      }
      throw stopped
    }
  }

  /** Who is found, by the keys by which values that may be equal are kept apart; or why not. Throws RunStoppedError. */
  private async ask(leads: QueuedLead[]): Promise<Map<string, FoundLead[]> | "refused" | "noAnswer"> {
    try {
      const values = leads.map((lead) => this.questionFor(lead) ?? "")
      const found = new Map<string, FoundLead[]>()
      for (const lead of await this.client.leads.find(this.lookupField, values, ["createdAt"])) {
        const value = textOf(lead.value)
        if (value !== undefined) {
          const key = this.comparison.reservation(value)
          found.set(key, (found.get(key) ?? []).concat(lead))
        }
      }
      return found
    } catch (failure) {
      if (!(failure instanceof MarketoError)) {
        throw failure
      }
      return failure.kind === "unavailable" || failure.kind === "throttled" ? "noAnswer" : "refused"
    }
  }

  /**
   * Notes whether a lead was found. Of one that was found under another spelling alone nothing is noted: whether
   * Marketo takes the two for equal is open, so the lead waits.
   */
  private noteFound(lead: QueuedLead, found: Map<string, FoundLead[]>, losses: LeadLosses): boolean {
    const value = this.questionFor(lead) ?? ""
    const identity = this.comparison.identity(value)
    const similar = found.get(this.comparison.reservation(value)) ?? []
    const leads = similar.filter((each) => this.comparison.identity(textOf(each.value) ?? "") === identity)
    if (leads.length > 0) {
      losses.found(lead, leads, (moment) => this.client.marketoTime(moment))
    } else if (similar.length === 0) {
      losses.notFound(lead)
    }
    return leads.length > 0
  }

  /** The lookup value that was sent, as it is asked for; undefined when it cannot be: a comma separates values. */
  private questionFor(lead: QueuedLead): string | undefined {
    const text = textOf(lead.record[this.lookupField])
    return text === undefined || text === "" || text.includes(",") ? undefined : text
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : undefined
}

/** Resolves as the promise does, or with `tooLate` if that takes longer. Nobody has a use for what comes later. */
async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | "tooLate"> {
  return new Promise<T | "tooLate">((resolve, reject) => {
    const timer = setTimeout(() => resolve("tooLate"), milliseconds)
    promise.then(resolve, reject).then(() => clearTimeout(timer), reject)
  })
}
