import { setFlagsFromString } from "v8"
import { runInNewContext } from "vm"

/** Bytes of short-lived buffers after which a collection runs. */
const COLLECT_AFTER_BYTES = 4 * 1024 * 1024

type Collect = (options: { type: "minor" }) => void

let bytesSince = 0
let collect: Collect | undefined

/**
 * Records a buffer of `bytes` bytes that will soon be garbage. V8 sees little of a buffer but its handle, and lets tens
 * of megabytes of dead ones pile up before it looks. A fast download makes that much in a tenth of a second. Every few
 * megabytes this runs a minor collection instead. It takes about a millisecond and keeps the peak memory of a run flat,
 * however large the document is. The flags of execute processes do not replace it: they make the young generation
 * small, but a fast download piles up buffers before even that is full (measured in bench/reader).
 */
export function noteYoungBuffer(bytes: number) {
  bytesSince += bytes
  if (bytesSince >= COLLECT_AFTER_BYTES) {
    bytesSince = 0
    collect ??= findCollect()
    collect({ type: "minor" })
  }
}

/** Returns V8's own function, which a new context has while the flag is set. Without it, memory is merely less flat. */
function findCollect(): Collect {
  setFlagsFromString("--expose-gc")
  const found = runInNewContext("globalThis.gc") as Collect | undefined
  setFlagsFromString("--no-expose-gc")
  return found ?? (() => undefined)
}
