import * as fs from "fs"
import * as path from "path"

const ROOT = path.join(__dirname, "..", "..")

/** Fewest characters besides `...` of a text that says anything. */
const FEWEST_CHARACTERS = 4

const WITHIN_A_SENTENCE = "(?:(?!\\. [A-Z0-9])[^])*?\\.?"

/** Reads a file of the repository. */
export function readDocument(file: string): string {
  return fs.readFileSync(path.join(ROOT, file), "utf8")
}

/** One text of a document, and the heading (`##`) under which it stands. */
interface DocumentedText {
  section: string
  text: string
  pattern: RegExp
}

/**
 * The texts in the first column of a document's tables. In a text `...` stands for anything within a sentence, and at
 * its end for anything at all.
 */
export class DocumentedTexts {
  private readonly texts: DocumentedText[] = []
  private readonly found = new Set<DocumentedText>()

  constructor(markdown: string) {
    let section = ""
    for (const line of markdown.split("\n")) {
      section = /^## (.*)$/.exec(line)?.[1] ?? section
      const cell = /^\| (`.*?`) \|/.exec(line)?.[1] ?? ""
      // A single word is the name of something, and no message.
      for (const [, text] of cell.matchAll(/`([^`]* [^`]*)`/g)) {
        this.texts.push({ section, text, pattern: patternOf(text) })
      }
    }
  }

  /**
   * True if the texts of these sections, one after the other, make up the whole message. Sentences that `isOthers` says
   * are not ours may stand between them.
   */
  has(message: string, sections: string[], isOthers: (sentence: string) => boolean): boolean {
    const sentences = message.split(/(?<=[.!?]) (?=[A-Z0-9"'])/)
    const candidates = this.texts.filter(({ section }) => sections.includes(section))
    const isCovered = (from: number): boolean => {
      if (from === sentences.length || isOthers(sentences[from]) && isCovered(from + 1)) {
        return true
      }
      for (let to = from + 1; to <= sentences.length; to++) {
        const part = sentences.slice(from, to).join(" ")
        const matching = candidates.filter(({ pattern }) => pattern.test(part))
        if (matching.length > 0 && isCovered(to)) {
          matching.forEach((each) => this.found.add(each))
          return true
        }
      }
      return false
    }
    return isCovered(0)
  }

  /** Every text of the document. */
  get all(): string[] {
    return this.texts.map(({ text }) => text)
  }

  /** The texts that no message contained so far. */
  get unmet(): string[] {
    return this.texts.filter((each) => !this.found.has(each)).map(({ text }) => text)
  }
}

/** Words of others before the text are looked at by themselves, so the text begins with its own first word. */
function patternOf(text: string): RegExp {
  const own = text.replace(/^\.\.\. (?=[A-Z])/, "")
  const isOpen = own.endsWith("...") && !own.endsWith("....")
  const parts = (isOpen ? own.slice(0, -3) : own).split("...")
  if (parts.join("").trim().length < FEWEST_CHARACTERS) {
    throw new Error(`The text "${text}" would match nearly anything.`)
  }
  const source = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(WITHIN_A_SENTENCE)
  // What is no sentence by itself becomes one where others follow.
  return new RegExp(`^${source}${isOpen ? "[^]*" : "\\.?"}$`)
}
