import { FoundLead, LeadSchema } from "../api/types"
import { QueuedLead } from "../report/lead"
import { clearingAdvice, clearingSentence } from "./clearing_words"
import { EffectSamples } from "./effect_samples"
import { effectSentences } from "./effect_words"
import { EmptyCell, emptyCellOf } from "./empty_cell"
import { FieldEffects } from "./field_effects"
import { Clearing, FirstPeople } from "./first_people"

/** What a blast radius is told of its run. */
export interface BlastRadiusSettings {
  lookupField: string
  /** Without it, values are compared as texts. */
  schema?: LeadSchema
  /** True if there is a report of rows, which alone may hold values. */
  keepsSamples: boolean
}

/**
 * What a dry run finds out about the values that a real run would clear, change or fill, from the look-ups that it
 * makes anyway. It holds counts, and no values but those of the first rows.
 */
export class BlastRadius {
  /** Those that the seat belt of a real run would judge by. */
  readonly firstPeople: FirstPeople
  /** The first empty cell that was met; absent while there is none. */
  emptyCell: EmptyCell | undefined
  private readonly effects: FieldEffects
  private readonly samples: EffectSamples | undefined

  constructor(private readonly settings: BlastRadiusSettings) {
    this.firstPeople = new FirstPeople(settings.lookupField)
    this.effects = new FieldEffects(settings.lookupField, settings.schema)
    this.samples = settings.keepsSamples ? new EffectSamples() : undefined
  }

  /** Returns the fields that have to be known of these leads. */
  fieldsOf(leads: QueuedLead[]): string[] {
    const fields = new Set<string>()
    leads.forEach(({ record }) => Object.keys(record).forEach((field) => fields.add(field)))
    fields.delete(this.settings.lookupField)
    return [...fields]
  }

  /** Takes a lead and those in Marketo that it would update. Returns a sample for the report of rows, now and then. */
  updates(lead: QueuedLead, found: FoundLead[]): string | undefined {
    const { record, reservation } = lead
    this.emptyCell ??= emptyCellOf(lead)
    this.firstPeople.found(reservation, found)
    const samples = found.map((each) => {
      const effects = this.effects.updated(record, each)
      return this.samples?.sampleOf(effects, record, each)
    })
    return samples.find((sample) => sample !== undefined)
  }

  /** Takes a lead that would be created; rows with equal keys are one lead's. */
  creates(lead: QueuedLead, key: string): void {
    this.emptyCell ??= emptyCellOf(lead)
    this.effects.created(lead.record, key)
  }

  /** Returns true if the seat belt of a real run would end it; `mostClearedPercent` is absent if it has none. */
  wouldBeStopped(mostClearedPercent?: number): boolean {
    return this.clearings(mostClearedPercent).length > 0
  }

  /**
   * Returns what a real run would do to the fields, in sentences, and first of all whether its seat belt would end it.
   * `mostClearedPercent` is absent if it has none.
   */
  sentences(mostClearedPercent?: number): string[] {
    const sentences = effectSentences(this.effects)
    const clearings = this.clearings(mostClearedPercent)
    return mostClearedPercent === undefined || clearings.length === 0 ? sentences :
      [`A real run would write nothing. ${clearingSentence(clearings)} ${clearingAdvice(mostClearedPercent)}`]
        .concat(sentences)
  }

  private clearings(mostClearedPercent?: number): Clearing[] {
    return mostClearedPercent === undefined ? [] : this.firstPeople.clearings(mostClearedPercent)
  }
}
