/** The kinds of LookML fields that can carry tags and have cells in a result. */
export type FieldKind = "dimension" | "dimension_group" | "measure"

/** A field of a LookML view, as far as tags are concerned. */
export interface LookmlField {
  kind: FieldKind
  name: string
  view: string
  label?: string
  tags: string[]
  /** Line of its `tags`, counted from 1; of the field itself when it has none. */
  line: number
}

/** What cannot be read as LookML, with its line. */
export class LookmlError extends Error {
  constructor(message: string, readonly line: number) {
    super(`Line ${line}: ${message}`)
    this.name = "LookmlError"
  }
}

type Token =
  | { kind: "word" | "string" | "code", text: string, line: number }
  | { kind: "sign", text: "{" | "}" | "[" | "]" | ":" | ",", line: number }
  | { kind: "end", text: "", line: number }

interface Entry {
  key: string
  /** Behind the colon: a name or text; of a list, the texts in it. */
  name?: string
  texts: string[]
  block?: Entry[]
  line: number
}

const FIELD_KINDS: readonly string[] = ["dimension", "dimension_group", "measure"]

/** Parameters whose value is code up to `;;`. */
const CODE_KEY = /^(sql($|_)|html$|expression($|_))/

/** One step of reading: blanks, a comment, a text, a sign, or a word. */
const STEP = /\s+|#[^\n]*|"((?:[^"\\]|\\[^])*)"|([{}[\]:,])|([^\s"#{}[\]:,]+)/y

/**
 * The dimensions, dimension groups and measures of all views in a LookML file, in its order. Reads what it must and
 * passes over the rest: code, comments, and parameters that have nothing to do with tags.
 * Throws LookmlError for text that is not LookML.
 */
export function readLookmlFields(text: string): LookmlField[] {
  const entries = new LookmlReader(text).read()
  return entries.filter((entry) => entry.key === "view" && entry.block !== undefined)
    .flatMap((view) => (view.block ?? []).filter((entry) => FIELD_KINDS.includes(entry.key))
      .map((entry) => fieldOf(entry, view.name ?? "")))
}

function fieldOf(entry: Entry, view: string): LookmlField {
  const members = entry.block ?? []
  const tags = members.find((member) => member.key === "tags")
  return {
    kind: entry.key as FieldKind,
    name: entry.name ?? "",
    view: view.replace(/^\+/, ""),
    label: members.find((member) => member.key === "label")?.name,
    tags: tags?.texts ?? [],
    line: tags?.line ?? entry.line,
  }
}

class LookmlReader {
  private position = 0
  private line = 1
  private token: Token

  constructor(private readonly text: string) {
    this.token = this.next()
  }

  read(): Entry[] {
    const entries = this.entries()
    if (this.token.kind !== "end") {
      throw this.unexpected("a parameter such as \"dimension:\"")
    }
    return entries
  }

  private entries(): Entry[] {
    const entries: Entry[] = []
    while (this.token.kind === "word") {
      entries.push(this.entry())
    }
    return entries
  }

  private entry(): Entry {
    const { text: key, line } = this.token
    const entry: Entry = { key, line, texts: [] }
    this.token = this.next()
    if (this.token.text !== ":" || this.token.kind !== "sign") {
      throw this.unexpected(`a colon behind "${key}"`)
    }
    if (CODE_KEY.test(key)) {
      this.skipCode(key)
      return entry
    }
    this.token = this.next()
    if (this.token.kind === "word" || this.token.kind === "string") {
      entry.name = this.token.text
      entry.texts.push(this.token.text)
      this.token = this.next()
    } else if (this.isSign("[")) {
      entry.texts = this.list()
      return entry
    } else if (!this.isSign("{")) {
      throw this.unexpected(`a value for "${key}"`)
    }
    if (this.isSign("{")) {
      entry.block = this.block(key)
    }
    return entry
  }

  private block(key: string): Entry[] {
    const { line } = this.token
    this.token = this.next()
    const entries = this.entries()
    if (!this.isSign("}")) {
      throw this.token.kind === "end" ?
        new LookmlError(`The block of "${key}" has no end.`, line) : this.unexpected("a parameter or \"}\"")
    }
    this.token = this.next()
    return entries
  }

  /** The texts of a list; names, colons and the like are passed over. */
  private list(): string[] {
    const { line } = this.token
    const texts: string[] = []
    for (this.token = this.next(); !this.isSign("]"); this.token = this.next()) {
      if (this.token.kind === "end") {
        throw new LookmlError("The list has no end.", line)
      }
      if (this.token.kind === "string") {
        texts.push(this.token.text)
      }
    }
    this.token = this.next()
    return texts
  }

  private skipCode(key: string): void {
    const end = this.text.indexOf(";;", this.position)
    if (end < 0) {
      throw new LookmlError(`The code of "${key}" does not end with ";;".`, this.line)
    }
    this.advance(end + 2)
    this.token = this.next()
  }

  private isSign(sign: string): boolean {
    return this.token.kind === "sign" && this.token.text === sign
  }

  private unexpected(expected: string): LookmlError {
    const found = this.token.kind === "end" ? "the end of the file" : `"${this.token.text}"`
    return new LookmlError(`Expected ${expected}, but found ${found}.`, this.token.line)
  }

  private next(): Token {
    while (this.position < this.text.length) {
      const { line } = this
      STEP.lastIndex = this.position
      const match = STEP.exec(this.text)
      if (match === null) {
        throw new LookmlError("A text in quotes has no end.", line)
      }
      this.advance(STEP.lastIndex)
      const [, text, sign, word] = match as (string | undefined)[]
      if (text !== undefined) {
        return { kind: "string", text: text.replace(/\\([^])/g, "$1"), line }
      }
      if (sign !== undefined) {
        return { kind: "sign", text: sign as "{", line }
      }
      if (word !== undefined) {
        return { kind: "word", text: word, line }
      }
    }
    return { kind: "end", text: "", line: this.line }
  }

  private advance(position: number): void {
    for (let index = this.position; index < position; index++) {
      if (this.text[index] === "\n") {
        this.line++
      }
    }
    this.position = position
  }
}
