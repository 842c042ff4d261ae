import { expect } from "chai"
import * as fc from "fast-check"
import * as fs from "fs"
import { tmpdir } from "os"
import * as path from "path"
import * as sinon from "sinon"
import { Readable } from "stream"
import * as winston from "winston"
import { Spool } from "../../../src/hub/stream/spool"
import { SpoolFile } from "../../../src/hub/stream/spool_file"
import { rejectionOf } from "./documents"

const KILOBYTE = 1024

/** Numbered bytes, so that a lost, repeated or displaced one shows. */
function numbered(length: number, from = 0): Buffer {
  return Buffer.from(Array.from({ length }, (_, index) => (from + index) * 31 % 251))
}

async function collect(readable: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of readable) {
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

/** Offers all chunks, waiting whenever the spool asks to. */
async function feed(spool: Spool, chunks: Buffer[]) {
  for (const chunk of chunks) {
    if (!spool.offer(chunk)) {
      await new Promise<void>((resolve) => { spool.onRoom = resolve })
    }
  }
  spool.finish()
}

/** What an open descriptor of this process leads to. */
function openPath(descriptor: string): string {
  try {
    return fs.readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    return ""
  }
}

describe("Spool", () => {
  let directory: string
  const settings = (changes = {}) => ({
    toDisk: true, directory, memoryBytes: KILOBYTE, maximumBytes: 4 * KILOBYTE, ...changes,
  })

  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(tmpdir(), "test-spool-"))
    sinon.stub(winston, "warn")
  })

  afterEach(() => {
    sinon.restore()
    fs.rmSync(directory, { recursive: true })
  })

  it("gives back every byte in order for any chunks, sizes, pace and disk", async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 9000 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 512, max: 9000 }), fc.constantFrom("disk", "none", "full"),
      fc.infiniteStream(fc.nat(3)), fc.nat(20000),
      async (sizes, memoryBytes, maximumBytes, disk, pauses, spaceOnDisk) => {
        let left = spaceOnDisk
        const spool = new Spool(settings({ toDisk: disk !== "none", memoryBytes, maximumBytes }), (where, capacity) => {
          const file = SpoolFile.open(where, capacity)
          const write = file.write.bind(file)
          file.write = async (bytes) => {
            if (disk === "full" && left === 0) {
              throw Object.assign(new Error("no space"), { code: "ENOSPC" })
            }
            const count = await write(disk === "full" ? bytes.subarray(0, left) : bytes)
            left -= count
            return count
          }
          return file
        })
        let from = 0
        const chunks = sizes.map((size) => numbered(size, (from += size) - size))
        const fed = feed(spool, chunks)
        const taken: Buffer[] = []
        for await (const chunk of spool) {
          taken.push(chunk as Buffer)
          for (let turns = pauses.next().value as number; turns > 0; turns--) {
            await new Promise((resolve) => { setImmediate(resolve) })
          }
        }
        await fed
        expect(Buffer.concat(taken).equals(Buffer.concat(chunks))).to.equal(true)
      },
    ), { numRuns: 150 })
  })

  it("asks to wait once memory and file are full, and again offers room when bytes are taken", async () => {
    const spool = new Spool(settings())
    const offer = async (from: number): Promise<number> => {
      if (!spool.offer(numbered(256, from))) {
        return from + 256
      }
      await new Promise((resolve) => { setTimeout(resolve, 2) })
      return offer(from + 256)
    }
    const offered = await offer(0)
    expect(offered).to.equal(6 * KILOBYTE)
    const room = new Promise<void>((resolve) => { spool.onRoom = resolve })
    const all = collect(spool)
    await room
    spool.finish()
    expect((await all).equals(numbered(offered))).to.equal(true)
  })

  it("keeps its file without a name, closed to others, and closes it in the end", async function() {
    if (process.platform !== "linux") {
      this.skip()
    }
    const isOurs = (name: string) => openPath(name).startsWith(directory)
    for (const end of ["read to the end", "destroyed", "failed"]) {
      const spool = new Spool(settings())
      spool.on("error", () => undefined)
      spool.offer(numbered(KILOBYTE))
      spool.offer(numbered(KILOBYTE))
      const [descriptor, ...others] = fs.readdirSync("/proc/self/fd").filter(isOurs)
      expect(others).to.deep.equal([])
      expect(fs.fstatSync(Number(descriptor)).mode & 0o777).to.equal(0o600)
      expect(fs.readdirSync(directory)).to.deep.equal([])
      const closed = new Promise((resolve) => { spool.once("close", resolve) })
      if (end === "read to the end") {
        spool.finish()
        await collect(spool)
      } else {
        spool.destroy(end === "failed" ? new Error("failed") : undefined)
      }
      await closed
      expect(fs.readdirSync("/proc/self/fd").filter(isOurs), end).to.deep.equal([])
    }
  })

  it("never opens a file for what fits into memory", async () => {
    const spool = new Spool(settings(), () => { throw new Error("opened") })
    spool.offer(numbered(KILOBYTE))
    spool.finish()
    expect(await collect(spool)).to.have.length(KILOBYTE)
  })

  it("opens a file for what would fit into memory once other downloads have taken theirs", async () => {
    const opened = sinon.spy((where: string, capacity: number) => SpoolFile.open(where, capacity))
    const spools = Array.from({ length: 5 }, () => new Spool(settings(), opened))
    spools.forEach((spool) => spool.offer(numbered(KILOBYTE)))
    expect(opened.callCount).to.equal(1)
    spools.forEach((spool) => spool.finish())
    for (const spool of spools) {
      expect(await collect(spool)).to.have.length(KILOBYTE)
    }
    const next = new Spool(settings(), opened)
    next.offer(numbered(KILOBYTE))
    expect(opened.callCount).to.equal(1)
    next.destroy()
  })

  it("goes on without a file when the directory is missing", async () => {
    const spool = new Spool(settings({ directory: path.join(directory, "missing") }))
    const chunks = Array.from({ length: 20 }, (_, index) => numbered(KILOBYTE, index * KILOBYTE))
    const fed = feed(spool, chunks)
    expect((await collect(spool)).equals(numbered(20 * KILOBYTE))).to.equal(true)
    await fed
  })

  it("tells a failure after the bytes that came before it", async () => {
    const spool = new Spool(settings())
    const failure = new Error("the connection broke off")
    for (let index = 0; index < 4; index++) {
      spool.offer(numbered(KILOBYTE))
    }
    spool.fail(failure)
    let length = 0
    expect(await rejectionOf((async () => {
      for await (const chunk of spool) {
        length += (chunk as Buffer).length
      }
    })())).to.equal(failure)
    expect(length).to.equal(4 * KILOBYTE)
  })

  it("fails rather than giving wrong bytes when its file can't be read back", async () => {
    const spool = new Spool(settings(), (where, capacity) => {
      const file = SpoolFile.open(where, capacity)
      file.read = async () => Promise.reject(new Error("input/output error"))
      return file
    })
    void feed(spool, [numbered(KILOBYTE), numbered(KILOBYTE), numbered(KILOBYTE)])
    await new Promise((resolve) => { setTimeout(resolve, 20) })
    expect(await rejectionOf(collect(spool))).to.include({ kind: "spool" })
  })

  it("serves piping, data events and sized reads alike", async () => {
    const whole = numbered(10 * KILOBYTE)
    const filled = () => {
      const spool = new Spool(settings({ maximumBytes: 100 * KILOBYTE }))
      void feed(spool, [whole.subarray(0, 3000), whole.subarray(3000, 3001), whole.subarray(3001)])
      return spool
    }
    const byEvents: Buffer[] = []
    const events = filled()
    events.on("data", (chunk: Buffer) => byEvents.push(chunk))
    await new Promise((resolve) => { events.once("end", resolve) })
    expect(Buffer.concat(byEvents).equals(whole)).to.equal(true)

    const byReads: Buffer[] = []
    const reads = filled()
    reads.on("readable", () => {
      for (let chunk = reads.read(700) as Buffer | null; chunk !== null; chunk = reads.read(700) as Buffer | null) {
        byReads.push(chunk)
      }
    })
    await new Promise((resolve) => { reads.once("end", resolve) })
    expect(Buffer.concat(byReads).equals(whole)).to.equal(true)
  })
})
