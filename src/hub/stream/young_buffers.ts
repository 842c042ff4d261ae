import { setFlagsFromString } from "v8"
import { runInNewContext } from "vm"

/** Bytes of short-lived buffers after which they are given back. */
const COLLECT_AFTER_BYTES = 4 * 1024 * 1024

type Collect = (options: { type: "minor" }) => void

let bytesSince = 0
let collect: Collect | undefined

/**
 * Says that a buffer of `bytes` bytes was made that will soon be garbage. V8 sees little of a buffer but its handle,
 * and lets tens of megabytes of dead ones pile up before it looks; a fast download makes that much in a tenth of a
 * second. Every few megabytes this runs a minor collection instead, which takes about a millisecond and keeps the peak
 * memory of a run flat, however large the document is. The flags of execute processes do not replace it: they make the
 * young generation small, but a fast download piles up buffers before even that is full (measured in bench/reader).
 */
export function noteYoungBuffer(bytes: number) {
  bytesSince += bytes
  if (bytesSince >= COLLECT_AFTER_BYTES) {
    bytesSince = 0
    collect ??= findCollect()
    collect({ type: "minor" })
  }
}

/** V8's own function; a new context has it while the flag is set. Without it memory is less flat, and that is all. */
function findCollect(): Collect {
  setFlagsFromString("--expose-gc")
  const found = runInNewContext("globalThis.gc") as Collect | undefined
  setFlagsFromString("--no-expose-gc")
  return found ?? (() => undefined)
}
