import * as fs from "fs"
import * as path from "path"

const ROOT = path.join(__dirname, "..", "..")

/** Fewest characters that a text must have besides `...` to stand for anything. */
const FEWEST_CHARACTERS = 4

/** Reads a file of the repository. */
export function readDocument(file: string): string {
  return fs.readFileSync(path.join(ROOT, file), "utf8")
}

/**
 * The texts in the first column of a document's tables, by the heading (`##`) that they stand under. In a text, `...`
 * stands for anything.
 */
export class DocumentedTexts {
  private readonly patterns: { section: string, text: string, pattern: RegExp }[] = []
  private readonly met = new Set<string>()

  constructor(markdown: string) {
    let section = ""
    for (const line of markdown.split("\n")) {
      section = /^## (.*)$/.exec(line)?.[1] ?? section
      const [cell] = /^\| (`.*?`) \|/.exec(line)?.slice(1) ?? []
      for (const [, text] of (cell ?? "").matchAll(/`([^`]+)`/g)) {
        this.patterns.push({ section, text, pattern: patternOf(text) })
      }
    }
  }

  /** True if one of the sections has the text. */
  has(text: string, sections: string[]): boolean {
    const found = this.patterns.filter(({ section, pattern }) => sections.includes(section) && pattern.test(text))
    found.forEach((each) => this.met.add(each.text))
    return found.length > 0
  }

  /** The texts of a section that nothing was found to match so far. */
  unmet(section: string): string[] {
    return this.patterns.filter((each) => each.section === section && !this.met.has(each.text)).map(({ text }) => text)
  }
}

function patternOf(text: string): RegExp {
  const parts = text.split("...").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
  if (parts.join("").length < FEWEST_CHARACTERS) {
    throw new Error(`The text "${text}" would match anything.`)
  }
  return new RegExp(`^${parts.join("[^]*?")}$`)
}
