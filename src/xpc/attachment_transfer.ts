import { AttachmentBytes } from "../hub/attachment_bytes"
import { ActionAttachment, attachBytes, detachBytes, hasBytes } from "../hub/attachment"
import { noteYoungBuffer } from "../hub/stream/young_buffers"
import type { ProcessTask, RunTask } from "./process_messages"

/**
 * The size of a piece. Larger attachments travel in pieces, since a whole one would be copied at once on both sides.
 */
const PIECE_BYTES = 1024 * 1024

/** What goes with a run besides its request. */
export type RunCompany = Pick<RunTask, "account" | "takesMetrics" | "trace">

/** The receiver of a run. */
interface TaskTaker {
  perform(task: ProcessTask): Promise<unknown>
}

/**
 * Takes a large attachment's bytes out of a request, and returns a function that sends them one piece at a time, with
 * the task that follows. Small attachments, and requests that are JSON text already, stay whole. Nothing is joined or
 * parsed on the way.
 */
export function handOverTask(runId: number, request: string | object, company: RunCompany = {}): {
  sendAttachment: (taker: TaskTaker) => Promise<void>, task: ProcessTask,
} {
  const { attachment } = request as { attachment?: ActionAttachment }
  if (typeof request === "string" || attachment === undefined || !hasBytes(attachment)) {
    return { sendAttachment: async () => undefined, task: { kind: "run", runId, request, ...company } }
  }
  const { bare, bytes: { pieces, hasJson } } = detachBytes(attachment)
  const allBytes = pieces.reduce((sum, { length }) => sum + length, 0)
  if (allBytes <= PIECE_BYTES && !hasJson) {
    return { sendAttachment: async () => undefined, task: { kind: "run", runId, request, ...company } }
  }
  return {
    sendAttachment: async (taker) => {
      for (const piece of slices(pieces)) {
        await taker.perform({ kind: "attachment", runId, piece, allBytes })
        // The channel has made a copy of it.
        noteYoungBuffer(piece.length)
      }
    },
    task: { kind: "run", runId, request: { ...request, attachment: bare }, hasAttachedJson: hasJson, ...company },
  }
}

function* slices(pieces: readonly Buffer[]): Generator<Buffer> {
  for (const piece of pieces) {
    for (let begin = 0; begin < piece.length; begin += PIECE_BYTES) {
      yield withoutRest(piece.subarray(begin, begin + PIECE_BYTES))
    }
  }
}

/** Returns bytes that are all of their memory: the channel copies the whole memory behind a view. */
function withoutRest(piece: Buffer): Buffer {
  if (piece.length === piece.buffer.byteLength) {
    return piece
  }
  const copy = Buffer.allocUnsafeSlow(piece.length)
  piece.copy(copy)
  return copy
}

/** The attachments of runs that are on their way to this process. */
export class AttachmentArrivals {

  private readonly arriving = new Map<number, { bytes: Buffer, received: number }>()

  /** Stores a piece at its position among all bytes. */
  keep(runId: number, piece: Uint8Array, allBytes: number): void {
    const arrival = this.arriving.get(runId) ?? { bytes: Buffer.allocUnsafeSlow(allBytes), received: 0 }
    this.arriving.set(runId, arrival)
    arrival.bytes.set(piece, arrival.received)
    arrival.received += piece.length
  }

  /** Attaches the bytes to the run's attachment, if any have come. */
  attach(runId: number, attachment: ActionAttachment | undefined, hasJson: boolean): void {
    const arrival = this.arriving.get(runId)
    this.arriving.delete(runId)
    if (arrival !== undefined && attachment !== undefined) {
      attachBytes(attachment, new AttachmentBytes([arrival.bytes], false), hasJson)
    }
  }

}
