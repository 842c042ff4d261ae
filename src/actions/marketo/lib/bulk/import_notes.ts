import { amount, figure } from "../words/amounts"
import { listing } from "../words/listing"

/** What a report says of the files of a run as such: those that Marketo took, and those that it did not take. */
export class ImportNotes {
  private readonly ids: string[] = []
  private readonly refusedFor = new Map<string, number>()

  /** True if Marketo has taken a file. */
  get hasTaken(): boolean {
    return this.ids.length > 0
  }

  /** Marketo has taken a file, and knows it by this number. */
  taken(id: string): void {
    this.ids.push(id)
  }

  /** Marketo has not taken a file, for a reason in words that stand in brackets. */
  refused(reason: string): void {
    this.refusedFor.set(reason, (this.refusedFor.get(reason) ?? 0) + 1)
  }

  /** Returns what there is to say, in sentences. */
  sentences(): string[] {
    const sentences = [...this.refusedFor].map(([reason, files]) => files === 1 ?
      `Marketo did not take a file (${reason}), so its leads went by calls.` :
      `Marketo did not take ${figure(files)} files (${reason}), so their leads went by calls.`)
    if (this.hasTaken) {
      // Two that are at work end in any order, and numbers between theirs may belong to others.
      const numbers = this.ids.slice().sort((one, other) => Number(one) - Number(other))
      sentences.push(`Marketo took ${amount(numbers.length, "file")} (import ${listing(numbers)}).`)
    }
    return sentences
  }
}
