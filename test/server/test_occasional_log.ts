import { expect } from "chai"
import * as winston from "winston"

import { OccasionalLog } from "../../src/server/occasional_log"

describe("OccasionalLog", () => {
  let log: winston.MemoryTransportInstance
  let now: number
  let occasional: OccasionalLog

  beforeEach(() => {
    now = 0
    occasional = new OccasionalLog(() => now)
    log = new winston.transports.Memory({ level: "debug", json: true })
    winston.add(log, {}, true)
  })
  afterEach(() => { winston.remove(log) })

  function lines(): { [field: string]: unknown }[] {
    return [...log.writeOutput, ...log.errorOutput]
      .map((line) => JSON.parse(line as unknown as string) as { [field: string]: unknown })
  }

  it("writes one line a minute for an address and a reason, with the number of those that were left out", () => {
    for (let count = 0; count < 5; count++) {
      occasional.log("warn", "Refused.", "10.0.0.1", { because: "wrong" })
    }
    occasional.log("warn", "Refused.", "10.0.0.1", { because: "missing" })
    occasional.log("warn", "Refused.", "10.0.0.2", { because: "wrong" })
    expect(lines().map(({ address, because }) => [address, because]))
      .to.deep.equal([["10.0.0.1", "wrong"], ["10.0.0.1", "missing"], ["10.0.0.2", "wrong"]])
    now = 60_000
    occasional.log("warn", "Refused.", "10.0.0.1", { because: "wrong" })
    expect(lines()[3]).to.include({ level: "warn", message: "Refused.", address: "10.0.0.1", leftOut: 4 })
  })

  it("writes no more than sixty lines a minute, however many addresses there are", () => {
    for (let count = 0; count < 5000; count++) {
      occasional.log("info", "Used.", `10.0.${count}`)
    }
    expect(lines()).to.have.length(60)
    now = 60_000
    occasional.log("info", "Used.", "10.1")
    expect(lines()).to.have.length(61)
  })

  it("remembers a bounded number of addresses", () => {
    for (let count = 0; count < 3000; count++) {
      now += 1001
      occasional.log("info", "Used.", `10.0.${count}`)
    }
    const { remembered, lineTimes } = occasional as unknown as { remembered: Map<string, object>, lineTimes: number[] }
    expect(remembered.size).to.equal(1000)
    expect(lineTimes).to.have.length.of.at.most(60)
    expect(lines()).to.have.length(3000)
  })
})
