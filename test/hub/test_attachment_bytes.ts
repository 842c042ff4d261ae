import { expect } from "chai"
import * as fc from "fast-check"
import * as sinon from "sinon"

import { DataWebhookPayloadAttachment } from "../../src/api_types/data_webhook_payload_attachment"
import { ActionRequest } from "../../src/hub"
import { detachBytes, hasBytes, readAttachment } from "../../src/hub/attachment"
import { AttachmentBytes } from "../../src/hub/attachment_bytes"

/** An attachment whose bytes came in pieces, as those of large ones do. */
function inPieces(mimetype: string, pieces: Buffer[], isInlineJson = false) {
  return readAttachment({
    mimetype, extension: "x", data: new AttachmentBytes(pieces, isInlineJson) as unknown as string,
  })
}

describe("An attachment whose bytes came in pieces", () => {
  afterEach(() => sinon.restore())

  it("cannot be told from one that was read at once", () => {
    const content = fc.oneof(fc.jsonValue().map((value) => JSON.stringify(value)).filter((text) => text !== "\"\""))
    fc.assert(fc.property(content, fc.constantFrom("application/json", "text/csv"), fc.nat(), (text, mimetype, at) => {
      const bytes = Buffer.from(text)
      const lazy = () => inPieces(mimetype, [bytes.subarray(0, at % bytes.length), bytes.subarray(at % bytes.length)])
      const sent: DataWebhookPayloadAttachment = { mimetype, extension: "x", data: text }
      const eager = readAttachment(sent)
      expect(Object.keys(lazy())).to.deep.equal(Object.keys(eager))
      expect(lazy()).to.deep.equal(eager)
      expect(eager).to.deep.equal(lazy())
      expect(JSON.stringify(lazy())).to.equal(JSON.stringify(eager))
      expect({ ...lazy() }).to.deep.equal({ ...eager })
      expect("dataJSON" in lazy()).to.equal("dataJSON" in eager)
      expect(structuredClone(lazy())).to.deep.equal(structuredClone(eager))
      const request = new ActionRequest()
      request.attachment = lazy()
      expect(ActionRequest.fromIPC(JSON.stringify(request)).attachment).to.deep.equal(eager)
    }))
  })

  it("is base64 when its mime type says so, and JSON when it was placed inline", () => {
    expect(inPieces("application/pdf;base64", [Buffer.from("PDF")])).to.deep.equal({
      mime: "application/pdf;base64", fileExtension: "x", encoding: "base64", dataBuffer: Buffer.from("PDF"),
    })
    expect(inPieces("text/csv", [Buffer.from("[1]")], true)).to.deep.equal({
      mime: "text/csv", fileExtension: "x", encoding: "utf8", dataBuffer: Buffer.from("[1]"), dataJSON: [1],
    })
  })

  it("is neither joined nor parsed before that is needed, and then once", () => {
    const join = sinon.spy(Buffer, "concat")
    const parse = sinon.spy(JSON, "parse")
    const request = new ActionRequest()
    request.attachment = inPieces("application/json", [Buffer.from("[1"), Buffer.from(",2]")])
    expect(request.empty()).to.equal(false)
    expect(hasBytes(request.attachment)).to.equal(true)
    expect(detachBytes(request.attachment).bytes.pieces).to.have.length(2)
    expect(request.suggestedFilename()).to.match(/\.x$/)
    expect([join.callCount, parse.callCount]).to.deep.equal([0, 0])

    const { dataBuffer } = request.attachment
    const dataJSON = request.attachment.dataJSON as unknown
    expect(request.attachment.dataBuffer).to.equal(dataBuffer)
    expect(request.attachment.dataJSON).to.equal(dataJSON)
    expect([join.callCount, parse.callCount]).to.deep.equal([1, 1])
  })

  it("throws when JSON is read that is none, and repeats nothing of it", () => {
    const attachment = inPieces("application/json", [Buffer.from("jane@example.com")])
    expect(() => attachment.dataJSON as unknown).to.throw(SyntaxError, /declared as application\/json/)
    expect(attachment.dataBuffer?.toString()).to.equal("jane@example.com")
  })

  it("may be given other data by an action", () => {
    const attachment = inPieces("application/json", [Buffer.from("[1]")])
    attachment.dataJSON = "other"
    attachment.dataBuffer = Buffer.from("bytes")
    expect(JSON.parse(JSON.stringify(attachment))).to.include({ dataJSON: "other" })
    expect(attachment.dataBuffer.toString()).to.equal("bytes")
  })
})

describe("detachBytes", () => {
  it("leaves the attachment as it is", () => {
    const plain = { dataBuffer: Buffer.from("a"), mime: "m" }
    for (const attachment of [inPieces("application/json", [Buffer.from("[1]")]), plain]) {
      const { bare, bytes } = detachBytes(attachment)
      expect(bare).not.to.have.any.keys("dataBuffer", "dataJSON")
      expect(bare.mime).to.equal(attachment.mime)
      expect(Buffer.concat(bytes.pieces).equals(attachment.dataBuffer ?? Buffer.alloc(0))).to.equal(true)
    }
  })

  it("keeps JSON that was read already", () => {
    const { bare, bytes } = detachBytes({ dataBuffer: Buffer.from("[1]"), dataJSON: [1] })
    expect(bare).to.deep.equal({ dataJSON: [1] })
    expect(bytes.hasJson).to.equal(false)
  })
})
