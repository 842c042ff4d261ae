import { expect } from "chai"

import { ActionAttachment } from "../../src/hub"
import { AttachmentArrivals, handOverTask } from "../../src/xpc/attachment_transfer"
import type { ProcessTask } from "../../src/xpc/process_messages"

const MEGABYTE = 1024 * 1024

describe("The hand-over of a request", () => {
  it("sends a large attachment ahead, a piece at a time, each after the one before is kept", async () => {
    const dataBuffer = Buffer.from(Array.from({ length: 3 * MEGABYTE + 5 }, (_, index) => index % 253))
    const { sendAttachment, task } = handOverTask(7, { webhookId: "w", attachment: { dataBuffer, mime: "a/b" } })
    const arrivals = new AttachmentArrivals()
    const sizes: number[] = []
    let underWay = 0
    await sendAttachment({ perform: async (sent: ProcessTask) => {
      expect(++underWay).to.equal(1)
      await Promise.resolve()
      underWay--
      if (sent.kind === "attachment") {
        sizes.push(sent.piece.length)
        // The channel would copy the rest of the memory behind it, too.
        expect(sent.piece.buffer.byteLength).to.equal(sent.piece.length)
        arrivals.keep(sent.runId, Buffer.from(sent.piece), sent.allBytes)
      }
    } })
    expect(sizes).to.deep.equal([MEGABYTE, MEGABYTE, MEGABYTE, 5])
    expect(task).to.deep.equal({
      kind: "run", runId: 7, request: { webhookId: "w", attachment: { mime: "a/b" } }, hasAttachedJson: false,
    })
    const attachment: ActionAttachment = { mime: "a/b" }
    arrivals.attach(7, attachment, false)
    expect(attachment.dataBuffer?.equals(dataBuffer)).to.equal(true)
    const other: ActionAttachment = {}
    arrivals.attach(7, other, false)
    expect(other).to.deep.equal({})
  })

  it("leaves a small one, and JSON text, whole", async () => {
    const refuse = { perform: async () => { throw new Error("nothing was to be sent") } }
    const small = { attachment: { dataBuffer: Buffer.from("a") } }
    for (const request of [small, { attachment: { mime: "a/b" } }, {}, "{}"]) {
      const { sendAttachment, task } = handOverTask(1, request)
      await sendAttachment(refuse)
      expect(task).to.deep.equal({ kind: "run", runId: 1, request })
    }
  })
})
