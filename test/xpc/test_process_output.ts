import { expect } from "chai"
import * as sinon from "sinon"
import { PassThrough } from "stream"
import * as winston from "winston"

import { WAITING_LOG_BYTES } from "../../src/xpc/bounded_console"
import { passOnOutput } from "../../src/xpc/process_output"

describe("passOnOutput", () => {
  let from: PassThrough
  let passed: string[]
  let output: { writableLength: number, write: (text: string) => void }
  let warn: sinon.SinonStub

  beforeEach(() => {
    from = new PassThrough()
    passed = []
    output = { writableLength: 0, write: (text) => passed.push(text) }
    warn = sinon.stub(winston, "warn")
    passOnOutput(from, output, 7)
  })
  afterEach(() => sinon.restore())

  async function print(bytes: string | Buffer): Promise<void> {
    from.write(bytes)
    await new Promise((resolve) => { setImmediate(resolve) })
  }

  it("passes whole lines on, whatever the pieces, and the rest at the end", async () => {
    const bytes = Buffer.from("één\ntwo\nlast words")
    await print(bytes.subarray(0, 1))
    await print(bytes.subarray(1, 9))
    expect(passed).to.deep.equal(["één\n"])
    await print(bytes.subarray(9))
    from.end()
    await new Promise((resolve) => from.once("end", resolve))
    expect(passed).to.deep.equal(["één\n", "two\n", "last words"])
  })

  it("does not gather a line without end", async () => {
    await print("x".repeat(100_000))
    await print("y\n")
    expect(passed.join("")).to.equal(`${"x".repeat(100_000)}y\n`)
    expect(passed.length).to.be.greaterThan(1)
  })

  it("goes on taking lines that nobody reads, and counts them in the log when somebody does", async () => {
    output.writableLength = WAITING_LOG_BYTES + 1
    await print("one\ntwo\n")
    await print("three\n")
    expect(from.readableLength).to.equal(0)
    output.writableLength = 0
    await print("four\n")
    expect(passed).to.deep.equal(["four\n"])
    expect(warn.args).to.deep.equal([["The log lacks 3 lines of execute process 7 here, since nobody read it."]])
  })
})
