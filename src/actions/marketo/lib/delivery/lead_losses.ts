import { MarketoTime } from "../api/clock"
import { FoundLead } from "../api/types"
import { LEAD_ALREADY_EXISTS, MarketoError } from "../errors"
import { QueuedLead } from "../report/lead"
import { LeadOutcome } from "../report/outcomes"

/**
 * `createdAt` has whole seconds, as in the samples of the Marketo developer guide, "Leads". In recorded answers it was
 * up to a second late: after `updatedAt` of the same lead.
 */
const CREATED_AT_MARGIN_MS = 1000

/** Age of a lead, by the first upsert of it whose answer was lost: it was there before, or it was not. */
type Age = "older" | "younger" | "unknown"

/** Knowledge of a lead for which the answers to one or more upserts were lost. */
interface Loss {
  /** ms of `performance.now()`. */
  firstSentAt: number
  /** The same; undefined when each of these upserts has surely ended. */
  runningUntil?: number
  attempts: number
  /** True if a look-up after the first of them found nobody. */
  wasAbsent: boolean
  age: Age
  leadId?: number
}

/** The leads of a batch whose upserts were lost, and what is known of them by now. */
export class LeadLosses {
  private readonly losses = new Map<QueuedLead, Loss>()

  /** @param mayCreate whether the upserts may create leads; otherwise all of theirs were there before. */
  constructor(private readonly mayCreate: boolean) {}

  has(lead: QueuedLead): boolean {
    return this.losses.has(lead)
  }

  /** Returns true if a look-up has found the lead since. */
  isFound(lead: QueuedLead): boolean {
    return this.losses.get(lead)?.leadId !== undefined
  }

  /** The answer to an upsert of these leads was lost. Times are ms of `performance.now()`. */
  note(leads: QueuedLead[], sentAt: number, runningUntil: number | undefined): void {
    for (const lead of leads) {
      const earlier = this.losses.get(lead)
      this.losses.set(lead, {
        firstSentAt: earlier?.firstSentAt ?? sentAt,
        runningUntil: latest(earlier?.runningUntil, runningUntil),
        attempts: (earlier?.attempts ?? 0) + 1,
        wasAbsent: earlier?.wasAbsent ?? false,
        age: earlier?.age ?? (this.mayCreate ? "unknown" : "older"),
        leadId: earlier?.leadId,
      })
    }
  }

  /** Returns the most upserts that were lost of one of these leads. */
  attempts(leads: QueuedLead[]): number {
    return Math.max(...leads.map((lead) => this.losses.get(lead)?.attempts ?? 0))
  }

  /** Counts the attempts anew, for calls of another size. */
  restart(leads: QueuedLead[]): void {
    for (const lead of leads) {
      const loss = this.losses.get(lead)
      if (loss !== undefined) {
        loss.attempts = 0
      }
    }
  }

  /** When the last lost upsert of these leads has surely ended; undefined when it has. */
  runningUntil(leads: QueuedLead[]): number | undefined {
    return leads.reduce<number | undefined>((until, lead) => latest(until, this.losses.get(lead)?.runningUntil),
      undefined)
  }

  /** A look-up found nobody with the lead's lookup value. */
  notFound(lead: QueuedLead): void {
    const loss = this.losses.get(lead)
    if (loss !== undefined) {
      loss.wasAbsent = true
    }
  }

  /** A look-up found these with the lead's lookup value. */
  found(lead: QueuedLead, leads: FoundLead[], timeAt: (moment: number) => MarketoTime | undefined): void {
    const loss = this.losses.get(lead)
    if (loss === undefined) {
      return
    }
    const sentAt = timeAt(loss.firstSentAt)
    const ages = leads.map(({ createdAt }) => ageOf(createdAt, sentAt))
    const age = ages.every((each) => each === ages[0]) ? ages[0] : "unknown"
    // Who was not there after the upsert had been sent has been created since.
    loss.age = age === "unknown" && loss.wasAbsent ? "younger" : age
    loss.leadId = leads[0].id
  }

  /** An outcome, in the light of the upserts of the lead that may have been executed before. */
  settle(outcome: LeadOutcome): LeadOutcome {
    const loss = this.losses.get(outcome.lead)
    if (loss === undefined) {
      return outcome
    }
    // Whoever was created by the lost upsert has been written by it: that one does nothing more to this lead.
    const runningUntil = loss.age === "younger" ? undefined : loss.runningUntil
    return { ...settled(outcome, loss), ...(runningUntil === undefined ? {} : { runningUntil }) }
  }
}

function settled(outcome: LeadOutcome, { age, leadId }: Loss): LeadOutcome {
  const { lead } = outcome
  switch (outcome.kind) {
    case "created":
    case "createdOrUpdated":
    case "found":
      return outcome
    case "updated":
      return age === "older" ? outcome :
        { kind: age === "younger" ? "created" : "createdOrUpdated", lead, leadId: outcome.leadId }
    case "skipped": {
      const isKnownToExist = outcome.reasons.some((reason) => reason.code === LEAD_ALREADY_EXISTS)
      if (isKnownToExist && age === "younger" && leadId !== undefined) {
        return { kind: "created", lead, leadId }
      }
      // Otherwise, what Marketo says of a record it has said of the lost one, too.
      return age === (isKnownToExist ? "unknown" : "younger") ?
        { kind: "failed", lead, error: uncertain(outcome.reasons[0].message) } : outcome
    }
    case "failed":
      return { kind: "failed", lead, error: uncertain(outcome.error.message, outcome.error) }
    case "notSent":
      return { kind: "failed", lead, error: uncertain("The run was ended while this was repeated.") }
  }
}

/** Returns an error that is uncertain, since an attempt before may have been executed. */
function uncertain(message: string, error?: MarketoError): MarketoError {
  if (error?.maybeExecuted === true) {
    return error
  }
  return new MarketoError(error?.kind ?? "unavailable", message, {
    code: error?.code, origin: error?.origin, requestId: error?.requestId, maybeExecuted: true, original: error,
  })
}

function ageOf(createdAt: unknown, sentAt: MarketoTime | undefined): Age {
  // Times of the asset family end in "Z+0000", which is no ISO 8601.
  const created = typeof createdAt === "string" ? Date.parse(createdAt.replace(/Z\+0000$/, "Z")) : NaN
  if (sentAt === undefined || Number.isNaN(created)) {
    return "unknown"
  }
  if (created + CREATED_AT_MARGIN_MS <= sentAt.earliest) {
    return "older"
  }
  return created - CREATED_AT_MARGIN_MS >= sentAt.latest ? "younger" : "unknown"
}

function latest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined ? other : other === undefined ? one : Math.max(one, other)
}
