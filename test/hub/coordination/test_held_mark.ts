import { expect } from "chai"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"
import * as sinon from "sinon"
import { EmbeddedHome } from "../../../src/hub/coordination/embedded_home"
import { HeldMark } from "../../../src/hub/coordination/held_mark"

const LINGER_MS = 90_000

describe("HeldMark", () => {
  let directory: string
  let clock: sinon.SinonFakeTimers

  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "held-"))
    clock = sinon.useFakeTimers({ now: 1_000_000 })
  })
  afterEach(() => {
    clock.restore()
    fs.rmSync(directory, { recursive: true })
  })

  const start = (secret = "secret") => new HeldMark(directory, secret)
  const leases = (mark: HeldMark) => new EmbeddedHome(undefined, mark).of("1").leases("people", { lingerMs: LINGER_MS })

  it("lets the successor of a killed hub take every key as held for as long as it may be", async () => {
    expect(await leases(start()).hold(["a"])).to.deep.equal([])
    clock.tick(3000)
    const successor = leases(start())
    expect(await successor.hold(["a", "b"])).to.deep.equal(["a", "b"])
    expect(await successor.unsettledMs()).to.be.within(1, LINGER_MS + 10_000)
    const isFree = sinon.spy()
    void successor.free("b").then(isFree)
    await clock.tickAsync(LINGER_MS - 3000)
    expect(isFree.callCount).to.equal(0)
    await clock.tickAsync(10_000)
    expect(isFree.callCount).to.equal(1)
    expect(await successor.hold(["a", "b"])).to.deep.equal([])
    expect(await successor.unsettledMs()).to.equal(0)
  })

  it("says so also when the hub's secret was changed meanwhile", async () => {
    await leases(start("old")).hold(["a"])
    expect(start("new").heldByFormerMs("people", LINGER_MS)).to.equal(0)
    expect(new HeldMark(directory, "new", "old").heldByFormerMs("people", LINGER_MS)).to.be.at.least(LINGER_MS)
  })

  it("holds nothing back for longer than a mark can stand for when the clock was put back", async () => {
    await leases(start()).hold(["a"])
    clock.setSystemTime(1_000_000 - 24 * 3_600_000)
    expect(start().heldByFormerMs("people", LINGER_MS)).to.equal(LINGER_MS + 10_000)
  })

  it("goes on saying so while keys are held", async () => {
    await leases(start()).hold(["a"])
    await clock.tickAsync(10 * LINGER_MS)
    expect(start().heldByFormerMs("people", LINGER_MS)).to.be.within(LINGER_MS, LINGER_MS + 10_000)
  })

  it("says so from the first key on, also when others were given back a moment before", async () => {
    const held = leases(start())
    for (const key of ["a", "b"]) {
      await held.hold([key])
      held.release([key])
    }
    await held.hold(["c"])
    expect(start().heldByFormerMs("people", LINGER_MS)).to.be.at.least(LINGER_MS)
    await clock.tickAsync(60_000)
    expect(start().heldByFormerMs("people", LINGER_MS)).to.be.at.least(LINGER_MS)
  })

  it("leaves nothing when all was given back", async () => {
    const held = leases(start())
    await held.hold(["a", "b"])
    held.release(["a", "b"])
    await clock.tickAsync(10_000)
    expect(fs.readdirSync(directory)).to.deep.equal([])
    expect(clock.countTimers()).to.equal(0)
  })

  it("leaves nothing when the hub ends in good order, unless something may go on", async () => {
    const home = new EmbeddedHome(undefined, start())
    const held = home.of("1").leases("people", { lingerMs: LINGER_MS })
    await held.hold(["a", "b"])
    held.release(["a", "b"])
    await home.close()
    expect(fs.readdirSync(directory)).to.deep.equal([])
    await held.hold(["a"])
    held.release(["a"], 20_000)
    await home.close()
    expect(start().heldByFormerMs("people", LINGER_MS)).to.be.at.least(20_000)
  })

  it("is one for each hub, and names neither accounts nor keys", async () => {
    await leases(start()).hold(["someone@example.org"])
    expect(start("another").heldByFormerMs("people", LINGER_MS)).to.equal(0)
    const [name] = fs.readdirSync(directory)
    const text = fs.readFileSync(path.join(directory, name), "utf8")
    expect(text).to.match(/^\{"[0-9a-f]{16}":\d+\}$/)
  })

  for (const content of ["", "{", "null", "[1]", "{\"x\":\"y\"}"]) {
    it(`takes a file that holds ${JSON.stringify(content)} for none`, async () => {
      await leases(start()).hold(["a"])
      const [name] = fs.readdirSync(directory)
      fs.writeFileSync(path.join(directory, name), content)
      expect(await leases(start()).hold(["a"])).to.deep.equal([])
    })
  }

  it("does without where it cannot write", async () => {
    expect(await leases(new HeldMark(path.join(directory, "missing"), "secret")).hold(["a"])).to.deep.equal([])
  })
})
