/* eslint-disable @typescript-eslint/only-throw-error -- Actions of existing hubs throw texts. */
import * as chai from "chai"
import * as chaiAsPromised from "chai-as-promised"
import * as sinon from "sinon"
import { Readable } from "stream"
import * as Hub from "../../src/hub"

chai.use(chaiAsPromised)
const { expect } = chai

function requestWith(data: string): Hub.ActionRequest {
  const request = new Hub.ActionRequest()
  request.attachment = { dataBuffer: Buffer.from(data) }
  return request
}

async function textOf(readable: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of readable) {
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString("utf8")
}

describe("ActionRequest.stream", () => {
  it("calls back at once with a readable, before anything else happens", async () => {
    const called = sinon.stub<[Readable], Promise<string>>().callsFake(textOf)
    const outcome = requestWith("a").stream(called)
    expect(called.calledOnce).to.equal(true)
    expect(called.firstCall.args[0]).to.be.instanceOf(Readable)
    await outcome
  })

  it("brings the attached bytes and resolves with what the callback resolves with", async () => {
    await expect(requestWith("a,b\n1,2\n").stream(textOf)).to.eventually.equal("a,b\n1,2\n")
  })

  it("rejects with what the callback rejects with, texts included", async () => {
    const reason: unknown = await requestWith("a").stream(async () => { throw "No bucket." })
      .then(() => expect.fail("it resolved"), (caught: unknown) => caught)
    expect(reason).to.equal("No bucket.")
  })

  it("calls back all the same when there is nothing to stream, and rejects with a text that says so", async () => {
    const called = sinon.spy(textOf)
    const reason: unknown = await new Hub.ActionRequest().stream(called)
      .then(() => expect.fail("it resolved"), (caught: unknown) => caught)
    expect(called.calledOnce).to.equal(true)
    expect(reason).to.equal("startStream was called on an ActionRequest that does not havea streaming download url " +
      "or an attachment. Ensure usesStreaming is set properly on the action.")
  })
})

describe("ActionRequest.streamJson", () => {
  it("brings each row of a list", async () => {
    const rows: unknown[] = []
    await requestWith('[{"a":1},{"a":null},"text"]').streamJson((row) => { rows.push(row) })
    expect(rows).to.deep.equal([{ a: 1 }, { a: null }, "text"])
  })

  it("goes through stream, where tests replace it", async () => {
    const request = new Hub.ActionRequest()
    const stream = sinon.stub(request, "stream").callsFake(async (callback) => callback(Readable.from(["[7]"])))
    const onRow = sinon.stub()
    await request.streamJson(onRow)
    expect(stream.calledOnce).to.equal(true)
    expect(onRow.args).to.deep.equal([[7]])
  })
})

describe("ActionRequest.streamJsonDetail", () => {
  it("brings the fields, when it was run, and the rows", async () => {
    const seen: unknown[] = []
    const document = JSON.stringify({
      pivots: [{ key: "k", data: { nested: 1 } }],
      fields: { dimensions: [{ name: "id" }], measures: [] },
      ran_at: "2024-01-01T00:00:00Z",
      data: [{ id: { value: "bob" } }, { id: { value: null } }],
    })
    await requestWith(document).streamJsonDetail({
      onFields: (fields) => { seen.push(Hub.allFields(fields).map((field) => field.name)) },
      onRanAt: (ranAt) => { seen.push(ranAt) },
      onRow: (row) => { seen.push(row) },
    })
    expect(seen).to.deep.equal([
      ["id"], "2024-01-01T00:00:00Z", { id: { value: "bob" } }, { id: { value: null } },
    ])
  })

  it("waits for a row's promise before the next row", async () => {
    let inHand = 0
    const counts: number[] = []
    await requestWith('{"fields":{},"data":[{"a":{"value":1}},{"a":{"value":2}},{"a":{"value":3}}]}').streamJsonDetail({
      onRow: async () => {
        counts.push(++inHand)
        await Promise.resolve()
        inHand--
      },
    })
    expect(counts).to.deep.equal([1, 1, 1])
  })

  it("rejects with the very text that a callback throws", async () => {
    const reason: unknown = await requestWith('{"data":[{"a":{"value":1}}]}')
      .streamJsonDetail({ onRow: () => { throw "No email." } })
      .then(() => expect.fail("it resolved"), (caught: unknown) => caught)
    expect(reason).to.equal("No email.")
  })

  it("rejects when the document breaks off", async () => {
    await expect(requestWith('{"fields":{},"data":[{"a":{"value":1}}').streamJsonDetail({ onRow: () => undefined }))
      .to.be.rejected
  })
})
