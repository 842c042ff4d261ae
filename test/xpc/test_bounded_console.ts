import { expect } from "chai"
import * as sinon from "sinon"

import { WAITING_LOG_BYTES, boundedConsole } from "../../src/xpc/bounded_console"

describe("boundedConsole", () => {
  let written: string[]
  let outputs: { out: { writableLength: number }, error: { writableLength: number } }
  let log: (level: string, message: string) => void

  beforeEach(() => {
    written = []
    outputs = { out: { writableLength: 0 }, error: { writableLength: 0 } }
    sinon.stub(process.stdout, "write").callsFake((text) => written.push(`out ${text as string}`) > 0)
    sinon.stub(process.stderr, "write").callsFake((text) => written.push(`error ${text as string}`) > 0)
    const transport = boundedConsole({}, outputs) as unknown as {
      log: (level: string, message: string, fields: object, callback: () => void) => void
    }
    log = (level, message) => transport.log(level, message, {}, () => undefined)
  })
  afterEach(() => sinon.restore())

  function lines(): string[] {
    sinon.restore()
    return written.map((line) => line.trim())
  }

  it("leaves lines out while too many wait for a reader, and says how many before the next one", () => {
    log("info", "one")
    outputs.out.writableLength = WAITING_LOG_BYTES + 1
    log("info", "two")
    log("warn", "three")
    outputs.out.writableLength = WAITING_LOG_BYTES
    log("info", "four")
    log("info", "five")
    expect(lines()).to.deep.equal([
      "out info: one", "out warn: The log lacks 2 lines here, since nobody read it.", "out info: four",
      "out info: five",
    ])
  })

  it("writes errors although nobody reads the other output", () => {
    outputs.out.writableLength = WAITING_LOG_BYTES + 1
    log("info", "one")
    log("error", "two")
    outputs.error.writableLength = WAITING_LOG_BYTES + 1
    log("error", "three")
    outputs.error.writableLength = 0
    log("error", "four")
    expect(lines()).to.deep.equal([
      "error error: two", "error error: The log lacks 1 line here, since nobody read it.", "error error: four",
    ])
  })
})
