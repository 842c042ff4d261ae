import { expect } from "chai"
import { newReportKey } from "../../../src/runs/reports/report_cipher"
import { ReportSeal } from "../../../src/runs/reports/report_seal"

describe("ReportSeal", () => {
  const key = newReportKey()

  it("opens what it has sealed, and what was sealed before the secret was changed", () => {
    const sealed = new ReportSeal("old").seal("run", key)
    expect(new ReportSeal("old").open("run", sealed)).to.equal(key)
    expect(new ReportSeal("new", "old").open("run", sealed)).to.equal(key)
  })

  it("opens nothing for another run, with another secret, or that was changed or cut", () => {
    const seal = new ReportSeal("secret")
    const sealed = seal.seal("run", key)
    expect(seal.open("other", sealed)).to.equal(undefined)
    expect(new ReportSeal("other").open("run", sealed)).to.equal(undefined)
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed)
      changed[at] ^= 1
      expect(seal.open("run", changed), String(at)).to.equal(undefined)
      expect(seal.open("run", sealed.subarray(0, at)), String(at)).to.equal(undefined)
    }
  })

  it("never says the same twice, and has the key in no readable form", () => {
    const seal = new ReportSeal("secret")
    const [one, other] = [seal.seal("run", key), seal.seal("run", key)]
    expect(one.equals(other)).to.equal(false)
    expect(one.includes(key)).to.equal(false)
  })
})
