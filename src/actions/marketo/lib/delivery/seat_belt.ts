import * as winston from "winston"
import { MarketoClient } from "../api/client"
import { clearingAdvice, clearingSentence } from "../blast_radius/clearing_words"
import { FIRST_ROWS, FirstPeople } from "../blast_radius/first_people"
import { MAX_VALUES_PER_LOOKUP } from "../configuration/limits"
import { MarketoError, placeOf, RunStoppedError } from "../errors"
import { HalvingBudget } from "../quota/halving"
import { Lead, QueuedLead } from "../report/lead"
import { RunReport } from "../report/run_report"
import { RunControl, StopReason } from "../stopping/run_control"
import { clearingNotAllowed, quotaReturns, unexpectedFailure } from "../stopping/stop_reasons"
import { listing } from "../words/listing"
import { sentence } from "../words/sentence"
import { LeadDelivery } from "./lead_delivery"
import { comparisonFor } from "./lookup_comparison"
import { chosenOf, LeadMatching, MatchingLeads, MatchingSettings } from "./matching_leads"

/** What takes the leads of a run, whichever way they are sent. */
export type LeadTaker = Pick<LeadDelivery, "add" | "finish">

/** What a seat belt judges by. */
export interface SeatBeltSettings extends MatchingSettings {
  mostClearedPercent: number
}

/** Parts of the run that a seat belt works with. */
export interface SeatBeltParts {
  client: MarketoClient
  run: RunControl
  report: RunReport
  settings: SeatBeltSettings
  people?: FirstPeople
}

/** Why nothing may be written, in sentences, and where the reason lies. */
type Objection = Pick<StopReason, "category" | "message">

/** Calls for the first people, repetitions aside: 300 of them in each. */
const MOST_CALLS = Math.ceil(FIRST_ROWS / MAX_VALUES_PER_LOOKUP)

/** Fields that a message names. */
const MOST_FIELDS = 5

/**
 * Stands before a delivery, and keeps a query that lost a column from clearing a field in everybody. The first rows are
 * held back. If a column is empty in more of them than the form allows to be cleared, their leads are looked up, with
 * these fields alone. If more of a field's present values would be cleared than allowed, the run ends before anything
 * is written; also if Marketo could not be asked. Otherwise, and without a call if the columns are full, the rows go on
 * in their order.
 */
export class SeatBelt implements LeadTaker {
  private readonly people: FirstPeople
  private held: Lead[] = []
  private decision: Promise<void> | undefined
  private isOpen = false

  constructor(private readonly delivery: LeadTaker, private readonly parts: SeatBeltParts) {
    this.people = parts.people ?? new FirstPeople(parts.settings.lookupField)
  }

  /** Takes one lead. The promise, which never rejects, resolves when there is room for more. */
  add(lead: Lead): Promise<void> | undefined {
    if (this.isOpen) {
      return this.delivery.add(lead)
    }
    this.held.push(lead)
    if (this.decision === undefined) {
      const { lookupField } = this.parts.settings
      const { lookupValue, record } = lead
      this.people.add(comparisonFor(lookupField).reservation(lookupValue), lookupValue, record)
      if (this.people.isFull) {
        this.decision = this.decide()
      }
    }
    return this.decision
  }

  /** Resolves as the delivery's does; what is held goes on before, or is reported. */
  async finish(stopGraceMs: number): Promise<void> {
    await (this.decision ?? this.decide())
    await this.delivery.finish(stopGraceMs)
  }

  private async decide(): Promise<void> {
    const { run, report } = this.parts
    try {
      const objection = run.stopReason === undefined ? await this.objection() : undefined
      if (objection !== undefined) {
        report.runFailed(objection.message, objection.category)
        run.stop(clearingNotAllowed(objection.category))
      }
    } catch (failure) {
      // Its message may hold lead data, and its place does not.
      winston.error("Marketo: an unexpected error ended the run", { reason: "hub", at: placeOf(failure) })
      report.runFailed("An unexpected error occurred in the Marketo action before anything was written.", "hub")
      run.stop(unexpectedFailure())
    }
    this.people.forget()
    await this.release()
  }

  /** Hands on what is held, in its order, or reports it as not sent if the run has ended. */
  private async release(): Promise<void> {
    const { run, report } = this.parts
    const { held } = this
    // More may come meanwhile, on a hub that does not wait: the loop goes on to those, too.
    for (const lead of held) {
      if (run.stopReason === undefined) {
        await this.delivery.add(lead)
      } else {
        report.leadOutcome({ kind: "notSent", lead: this.queued(lead) }, run.stopReason.message)
      }
    }
    this.held = []
    this.isOpen = true
  }

  /** Returns why nothing may be written; undefined if nothing speaks against it. */
  private async objection(): Promise<Objection | undefined> {
    const { run, settings: { mostClearedPercent } } = this.parts
    const fields = this.people.sparseFields(mostClearedPercent)
    if (fields.length === 0) {
      return undefined
    }
    let failure: MarketoError | "commas" | undefined
    try {
      // An answer may take longer than the run has after a stop, and nothing is lost with it.
      failure = await run.orStop(this.lookUp(fields))
    } catch (stopped) {
      if (stopped instanceof RunStoppedError) {
        return undefined
      }
      throw stopped
    }
    const clearings = this.people.clearings(mostClearedPercent)
    if (clearings.length > 0) {
      const message = `${clearingSentence(clearings)} Nothing was written. ${clearingAdvice(mostClearedPercent)}`
      return { category: "query", message }
    }
    return failure === undefined ? undefined : unseen(fields, mostClearedPercent, failure)
  }

  /**
   * Looks up the first people, in one call for 300 of them. Returns why they could not be, if they could not. That
   * some people were refused, such as those that match too many leads, does not count while most of them were not.
   */
  private async lookUp(fields: string[]): Promise<MarketoError | "commas" | undefined> {
    const { client, settings } = this.parts
    const leads = this.people.entries().map(([, { lookupValue, record }]) =>
      this.queued({ lookupValue, record, rows: [] }))
    const calls: QueuedLead[][] = []
    for (let first = 0; first < leads.length; first += MAX_VALUES_PER_LOOKUP) {
      calls.push(leads.slice(first, first + MAX_VALUES_PER_LOOKUP))
    }
    // What is left of the calls may find out who makes a call fail.
    const budget = new HalvingBudget(MOST_CALLS - calls.length, 0)
    const matching = new LeadMatching(client, { ...settings, mostPages: 1 }, budget)
    const answers = await Promise.all(calls.map(async (call) => matching.matchesOf(call, fields)))
    const failures: MarketoError[] = []
    let known = 0
    for (const match of ([] as MatchingLeads[]).concat(...answers)) {
      if (match.kind === "known") {
        known++
        this.people.found(match.lead.reservation, chosenOf(match, settings))
      } else if (match.kind === "unknown" && match.error instanceof MarketoError) {
        failures.push(match.error)
      }
    }
    const isMostUnknown = 2 * known < leads.length
    return failures.find(({ kind }) => isMostUnknown || kind !== "rejected") ??
      (isMostUnknown ? "commas" : undefined)
  }

  private queued(lead: Lead): QueuedLead {
    const reservation = comparisonFor(this.parts.settings.lookupField).reservation(lead.lookupValue)
    return { ...lead, json: "", bytes: 0, reservation }
  }
}

function unseen(fields: string[], percent: number, failure: MarketoError | "commas"): Objection {
  const begin = `Nothing was written: more than ${percent} % of the first rows have an empty cell for ` +
    `${listing(fields.slice(0, MOST_FIELDS))}${fields.length > MOST_FIELDS ? " and others" : ""}, and what these ` +
    "would clear could not be looked up"
  const ifRight = "If the query is right as it is, set Most Values to Clear to 100"
  if (failure === "commas") {
    return {
      category: "query",
      message: `${begin}, since most of their lookup values have a comma. ${ifRight}; otherwise mend the query.`,
    }
  }
  const { kind } = failure
  return {
    category: kind === "auth" ? "access" : kind === "quota" ? "quota" : "marketo",
    message: `${begin}. ${ifRight}; otherwise send again later. ` +
      (kind === "quota" ? quotaReturns(failure) : sentence(failure.message)),
  }
}
