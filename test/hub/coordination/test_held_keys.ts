import { expect } from "chai"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"
import * as sinon from "sinon"
import * as winston from "winston"
import type { SharedLeases } from "../../../src/hub/coordination/coordination"
import { EmbeddedHome } from "../../../src/hub/coordination/embedded_home"
import { HeldKeys } from "../../../src/hub/coordination/held_keys"

const LINGER_MS = 90_000
const LONG_MS = 1_800_000

describe("HeldKeys", () => {
  let directory: string
  let clock: sinon.SinonFakeTimers

  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "held-"))
    clock = sinon.useFakeTimers({ now: 1_000_000 })
  })
  afterEach(() => {
    clock.restore()
    sinon.restore()
    fs.rmSync(directory, { recursive: true })
  })

  const start = (secret = "secret", previous?: string) =>
    new EmbeddedHome(undefined, undefined, new HeldKeys(directory, secret, previous))
  const leases = (home = start(), name = "people"): SharedLeases => home.of("1").leases(name, { lingerMs: LINGER_MS })
  const files = () => fs.readdirSync(directory)

  /** A hub that has given keys back with a long delay, and is killed after some time (ms). */
  async function killed(keys: string[], afterMs = 1000, home = start()): Promise<void> {
    await leases(home).hold(keys)
    leases(home).release(keys, LONG_MS)
    await clock.tickAsync(afterMs)
  }

  it("keep the keys of a killed hub held in the next one, and no others, for as long as they were to be", async () => {
    await killed(["a", "b"], 60_000)
    const successor = leases()
    expect(await successor.hold(["a", "b", "c"])).to.deep.equal(["a", "b"])
    const isFree = sinon.spy()
    void successor.free("b").then(isFree)
    await clock.tickAsync(LONG_MS - 60_001)
    expect(isFree.callCount).to.equal(0)
    await clock.tickAsync(1)
    expect(isFree.callCount).to.equal(1)
    expect(await successor.hold(["a", "b"])).to.deep.equal([])
  })

  it("keep them over further starts, whether or not anybody asked for them", async () => {
    await killed(["a"])
    await killed(["other"], 1000, start())
    await leases(start(), "others").hold(["x"])
    expect(await leases().hold(["a", "other"])).to.deep.equal(["a", "other"])
  })

  it("keep nothing that was given back before, and leave no file", async () => {
    const home = start()
    await killed(["a", "b"], 1000, home)
    expect(files()).to.have.length(1)
    leases(home).release(["a", "b"])
    await clock.tickAsync(1000)
    expect(files()).to.deep.equal([])
    expect(await leases().hold(["a"])).to.deep.equal([])
    expect(clock.countTimers()).to.equal(0)
  })

  it("leave no file of keys whose time is over, also if nobody asks for them", async () => {
    await killed(["a"], 1000)
    await clock.tickAsync(LONG_MS)
    expect(files()).to.deep.equal([])
    await killed(["a"], 1000)
    clock.reset()
    expect(files()).to.have.length(1)
    start()
    await clock.tickAsync(LONG_MS + 1000)
    expect(files()).to.deep.equal([])
  })

  it("write nothing of keys that are given back with a delay that holds for every key", async () => {
    const held = leases()
    await held.hold(["a"])
    held.release(["a"], LINGER_MS)
    await clock.tickAsync(1000)
    expect(files()).to.deep.equal([])
  })

  it("are written when the hub ends in good order", async () => {
    const home = start()
    await killed(["a"], 0, home)
    await home.close()
    expect(await leases().hold(["a"])).to.deep.equal(["a"])
  })

  it("are known to a hub whose secret was changed, to no other, and can be read by nobody", async () => {
    await killed(["someone@example.org"], 1000, start("old"))
    const [file] = files()
    expect(fs.readFileSync(path.join(directory, file), "utf8")).to.match(/^[\w-]+$/)
    expect(await leases(start("new")).hold(["someone@example.org"])).to.deep.equal([])
    const changed = start("new", "old")
    expect(await leases(changed).hold(["someone@example.org"])).to.deep.equal(["someone@example.org"])
    await killed(["b"], 1000, changed)
    expect(files()).to.have.length(1)
    expect(await leases(start("new")).hold(["someone@example.org", "b"]))
      .to.deep.equal(["someone@example.org", "b"])
  })

  it("are known to the next start of a hub that has the same secret as its previous one, too", async () => {
    await killed(["a"], 1000, start("secret", "secret"))
    expect(files()).to.have.length(1)
    expect(await leases(start("secret", "secret")).hold(["a"])).to.deep.equal(["a"])
  })

  it("stay held until the later time if the files of both secrets have them", async () => {
    await killed(["a"], LONG_MS / 2, start("old"))
    await killed(["a"], 1000, start("new"))
    const successor = leases(start("new", "old"))
    await clock.tickAsync(LONG_MS / 2 + 1000)
    expect(await successor.hold(["a"])).to.deep.equal(["a"])
  })

  it("leave nothing of a hub that was killed while it wrote", async () => {
    await killed(["a"])
    const [file] = files()
    fs.renameSync(path.join(directory, file), path.join(directory, `${file}.new`))
    start()
    await clock.tickAsync(1000)
    expect(files()).to.deep.equal([])
  })

  it("are written under a new secret at once, so that the former one is needed for no further start", async () => {
    await killed(["a"], 1000, start("old"))
    start("new", "old")
    await clock.tickAsync(1000)
    expect(await leases(start("new")).hold(["a"])).to.deep.equal(["a"])
  })

  it("hold nobody for longer than they were to when the clock was put back", async () => {
    await killed(["a"])
    clock.setSystemTime(1_000_000 - 24 * 3_600_000)
    const successor = leases()
    await clock.tickAsync(LONG_MS)
    expect(await successor.hold(["a"])).to.deep.equal([])
  })

  for (const content of ["", "{", "null", "AAAA"]) {
    it(`take a file that holds ${JSON.stringify(content)} for none`, async () => {
      await killed(["a"])
      fs.writeFileSync(path.join(directory, files()[0]), content)
      expect(await leases().hold(["a"])).to.deep.equal([])
    })
  }

  it("do without where they cannot be written, and say so once", async () => {
    const warn = sinon.stub(winston, "warn")
    const home = new EmbeddedHome(undefined, undefined, new HeldKeys(path.join(directory, "missing"), "secret"))
    await killed(["a"], 1000, home)
    leases(home).release(["a"], LONG_MS)
    await clock.tickAsync(1000)
    expect(await leases(home).hold(["a"])).to.deep.equal(["a"])
    expect(warn.callCount).to.equal(1)
  })
})
