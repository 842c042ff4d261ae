import { createHash } from "node:crypto"
import { ApiError, Call, ResultBody, World } from "../calls/api_reply"
import { numberFrom } from "../calls/request_input"

export const PAGE_OF_300 = 300
const TOKEN_LIFE_MS = 600_000
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

/**
 * The way in which a call reports that there is more: "both" a token and `moreResult: true`, the "token" alone (lists
 * and their members), or "always" `moreResult`, even if it is false on the last page.
 */
type MoreResult = "both" | "token" | "always"

/**
 * Pages by token in the lead database family (`batchSize` up to 300, `nextPageToken`). Reads and checks the parameters
 * at once, and returns a function that cuts a page out of the whole. There is a token only if there is more.
 */
export function pageOf(call: Call, world: World, most: number, way: MoreResult = "both"):
(all: unknown[]) => ResultBody {
  const wanted = call.parameters.one("batchSize")
  const size = Math.min(wanted === undefined ? most : numberFrom(wanted), most) || most
  const binding = `${call.entry.path}?${call.parameters.fingerprint(["nextPageToken", "_method"])}`
  const token = call.parameters.one("nextPageToken")
  const offset = token === undefined ? 0 : offsetIn(token, binding, world.now())
  return (all) => {
    const end = offset + size
    const hasMore = end < all.length
    const tells = way === "always" || (hasMore && (way === "both" || world.knobs.moreResult === "everywhere"))
    return {
      result: all.slice(offset, end),
      ...(hasMore ? { nextPageToken: tokenFor(end, binding, world.now()) } : {}),
      ...(tells ? { moreResult: hasMore } : {}),
    }
  }
}

/** Returns a page by offset in the asset family: `offset`, and `maxReturn` with 20 by default and 200 at most. */
export function assetPage(call: Call, all: unknown[]): ResultBody {
  const offset = numberFrom(call.parameters.one("offset") ?? "0")
  const maxReturn = Math.min(numberFrom(call.parameters.one("maxReturn") ?? "20"), 200)
  return assetResult(all.slice(offset, offset + maxReturn))
}

/** Returns the found assets. Nothing found is a success with a warning and without `result`. */
export function assetResult(found: unknown[]): ResultBody {
  return found.length > 0 ? { result: found } : { warnings: ["No assets found for the given search criteria."] }
}

function tokenFor(offset: number, binding: string, now: number): string {
  const start = `${offset}.${now}`
  return base32(Buffer.from(`${start}.${seal(start, binding)}`))
}

function offsetIn(token: string, binding: string, now: number): number {
  const parts = unbase32(token).toString("latin1").split(".")
  const [offset, issuedAt] = parts.map(Number)
  const isOurs = parts.length === 3 && parts[2] === seal(`${parts[0]}.${parts[1]}`, binding)
  if (!isOurs || now - issuedAt > TOKEN_LIFE_MS) {
    throw new ApiError("1003", "Invalid or expired next page token")
  }
  return offset
}

function seal(text: string, binding: string): string {
  return createHash("sha1").update(`${text}|${binding}`).digest("hex").slice(0, 12)
}

function base32(bytes: Buffer): string {
  let bits = ""
  for (const byte of bytes) {
    bits += byte.toString(2).padStart(8, "0")
  }
  const letters = (bits.match(/.{1,5}/g) ?? []).map((group) => ALPHABET[parseInt(group.padEnd(5, "0"), 2)]).join("")
  return letters.padEnd(Math.ceil(letters.length / 8) * 8, "=")
}

function unbase32(text: string): Buffer {
  const bits = [...text.replace(/=+$/, "")]
    .map((letter) => Math.max(0, ALPHABET.indexOf(letter)).toString(2).padStart(5, "0")).join("")
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
}
