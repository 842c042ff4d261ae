import { RefusedPart } from "../refused_request"
import { Blocks } from "./blocks"
import { StringContent } from "./string_content"

/**
 * The deepest nesting that is accepted. Looker's own stays far below: a query's visualisation settings have some ten
 * levels.
 */
const DEEPEST_NESTING = 100
/** The most members and elements besides the attachment's data. A query with a thousand fields has a few thousand. */
const MOST_MEMBERS = 100_000
/** The most bytes besides the attachment's data. Looker's own limit for the largest part, a user's state, is 32 KB. */
const MOST_BYTES = 16 * 1024 * 1024

const code = (character: string): number => character.charCodeAt(0)
const QUOTE = code("\"")
const BACKSLASH = code("\\")
const COMMA = code(",")
const COLON = code(":")
const OPEN_LIST = code("[")
const OPEN_OBJECT = code("{")
const CLOSE_LIST = code("]")
const CLOSE_OBJECT = code("}")

/** The longest key that is examined. No key of interest is longer, however it is escaped. */
const LONGEST_KEY_BYTES = 64

/** The placeholder for the attachment's data in the rest of the body. */
const PLACEHOLDER = Buffer.from("null")

/** The attachment's `data`: a string as its UTF-8 bytes, or inline JSON as it was sent. */
export interface AttachedData {
  kind: "text" | "json"
  pieces: Buffer[]
}

/** A body in two parts: its JSON with `null` for the attachment's data, and that data. */
export interface SplitBody {
  json: Buffer
  data?: AttachedData
}

/**
 * Scans the bytes of a JSON body as they arrive and sets the attachment's data aside, which may be hundreds of
 * megabytes. The rest is small, or it is refused as too deep, too large or of too many members. That is decided here,
 * at the first byte too many, before JSON.parse sees any of it. The scanner knows only strings, keys and nesting. A
 * malformed body leaves a rest that JSON.parse refuses.
 */
export class BodyScanner {

  private readonly json = new Blocks()
  private data?: { kind: "text" | "json", bytes: Blocks }
  private content?: StringContent

  /** For each level, true if it is an object. The level of the body itself is 1. */
  private readonly isObject: boolean[] = []
  private depth = 0
  private members = 0
  private isInString = false
  private isEscaped = false
  /** A string that begins now is a key. */
  private awaitsKey = false
  /** The key being read, while it may be one of interest. */
  private key?: string
  private part?: string
  private member?: string
  private isMemberSeen: { [name: string]: boolean } = {}
  private isSettingAside?: "text" | "json"

  /** The current bytes belong to the attachment's data, which may take its time while a query runs. */
  get isInData(): boolean {
    return this.isSettingAside !== undefined
  }

  /** Scans the next bytes. Throws a RefusedPart, or a SyntaxError for a string that is not JSON. */
  scan(chunk: Buffer): void {
    let from = 0
    let at = 0
    while (at < chunk.length) {
      if (this.isInString) {
        const end = this.endOfString(chunk, at)
        this.keepKey(chunk, at, end)
        if (end < chunk.length) {
          this.isInString = false
          from = this.endString(chunk, from, end)
        }
        at = end + 1
      } else {
        from = this.step(chunk, from, at)
        at++
      }
    }
    if (from < chunk.length) {
      this.give(chunk.subarray(from))
    }
    this.refuseBeyond(this.json.length > MOST_BYTES, 413, `is too large: without the attachment's data, a request may \
have ${MOST_BYTES / 1024 / 1024} MB`)
  }

  /** Returns the body in its parts, after the last byte. */
  end(): SplitBody {
    const json = Buffer.concat(this.json.take())
    return this.data === undefined ? { json } :
      { json, data: { kind: this.data.kind, pieces: this.data.bytes.take() } }
  }

  /** Looks at one byte outside of strings. Returns the position at which the bytes of the current part begin. */
  private step(chunk: Buffer, from: number, at: number): number {
    switch (chunk[at]) {
      case QUOTE:
        this.isInString = true
        this.key = this.awaitsKey && this.isKeyOfInterest() ? "" : undefined
        return this.isDataNext() ? this.beginData("text", chunk, from, at) : from
      case OPEN_LIST:
      case OPEN_OBJECT: {
        const begins = this.isDataNext() ? this.beginData("json", chunk, from, at) : from
        this.descend(chunk[at] === OPEN_OBJECT)
        return begins
      }
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        this.depth = Math.max(0, this.depth - 1)
        this.awaitsKey = false
        if (this.isSettingAside === "json" && this.depth === 2) {
          this.give(chunk.subarray(from, at + 1))
          this.isSettingAside = undefined
          return at + 1
        }
        return from
      case COMMA:
        this.awaitsKey = this.isObject[this.depth]
        this.countMember()
        return from
      case COLON:
        this.awaitsKey = false
        return from
      default:
        return from
    }
  }

  private descend(isObject: boolean): void {
    this.depth++
    this.refuseBeyond(this.depth > DEEPEST_NESTING, 400, `is nested more than ${DEEPEST_NESTING} levels deep`)
    this.isObject[this.depth] = this.awaitsKey = isObject
    this.countMember()
  }

  private countMember(): void {
    if (this.isSettingAside === undefined) {
      this.members++
      this.refuseBeyond(this.members > MOST_MEMBERS, 400, `has too much in it: without the attachment's data, a \
request may have ${MOST_MEMBERS} members and elements`)
    }
  }

  /** Returns true if the value that begins now is the attachment's data. */
  private isDataNext(): boolean {
    return this.depth === 2 && this.part === "attachment" && this.member === "data" && !this.awaitsKey &&
      this.isObject[1] && this.isObject[2] && this.isSettingAside === undefined && this.data === undefined
  }

  private beginData(kind: "text" | "json", chunk: Buffer, from: number, at: number): number {
    this.give(chunk.subarray(from, at))
    this.give(PLACEHOLDER)
    this.data = { kind, bytes: new Blocks() }
    this.content = kind === "text" ? new StringContent() : undefined
    this.isSettingAside = kind
    return kind === "text" ? at + 1 : at
  }

  /** Handles the closing quote at `end`. */
  private endString(chunk: Buffer, from: number, end: number): number {
    if (this.isSettingAside === "text") {
      this.give(chunk.subarray(from, end))
      if (this.content !== undefined) {
        this.data?.bytes.append(this.content.end())
      }
      this.isSettingAside = undefined
      return end + 1
    }
    if (this.awaitsKey && this.key !== undefined) {
      this.noteKey(nameOf(this.key))
    }
    this.key = undefined
    return from
  }

  private give(bytes: Buffer): void {
    if (this.isSettingAside === undefined) {
      this.json.append(bytes)
    } else {
      this.data?.bytes.append(this.content?.write(bytes) ?? bytes)
    }
  }

  private isKeyOfInterest(): boolean {
    return this.isSettingAside === undefined &&
      (this.depth === 1 || (this.depth === 2 && this.part === "attachment"))
  }

  private keepKey(chunk: Buffer, at: number, end: number): void {
    if (this.key !== undefined && this.key.length <= LONGEST_KEY_BYTES) {
      this.key += chunk.toString("latin1", at, Math.min(end, at + LONGEST_KEY_BYTES + 1))
    }
  }

  /** Records a key. Of several members with one name JSON.parse takes the last, but only one value can be set aside. */
  private noteKey(name: string | undefined): void {
    const path = this.depth === 1 ? name : `${this.part}.${name}`
    if (path === "attachment" || path === "attachment.data") {
      if (this.isMemberSeen[path]) {
        throw new RefusedPart(400, `The request has its "${path}" twice.`)
      }
      this.isMemberSeen[path] = true
    }
    if (this.depth === 1) {
      this.part = name
      this.member = undefined
    } else {
      this.member = name
    }
  }

  /** Returns the index of the closing quote, or the chunk's length if it has not come. */
  private endOfString(chunk: Buffer, begin: number): number {
    let at = begin
    if (this.isEscaped) {
      this.isEscaped = false
      at++
    }
    for (;;) {
      const quote = chunk.indexOf(QUOTE, at)
      const end = quote < 0 ? chunk.length : quote
      let backslashes = 0
      while (end - 1 - backslashes >= at && chunk[end - 1 - backslashes] === BACKSLASH) {
        backslashes++
      }
      if (backslashes % 2 === 0 || quote < 0) {
        this.isEscaped = backslashes % 2 === 1
        return end
      }
      at = quote + 1
    }
  }

  private refuseBeyond(isBeyond: boolean, status: 400 | 413, what: string): void {
    if (isBeyond) {
      throw new RefusedPart(status, `${nameOfPart(this.part)} ${what}.`)
    }
  }

}

/** The parts of a request. Other names are not repeated, since they may contain anything. */
const PARTS = ["type", "attachment", "scheduled_plan", "data", "form_params", "state"]

function nameOfPart(part: string | undefined): string {
  return part !== undefined && PARTS.includes(part) ? `The request's "${part}"` : "The request"
}

/** Returns the text of a key of interest, or undefined. */
function nameOf(key: string): string | undefined {
  try {
    return key.length > LONGEST_KEY_BYTES ? undefined : JSON.parse(`"${key}"`) as string
  } catch {
    return undefined
  }
}
