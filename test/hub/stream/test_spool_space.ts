import { expect } from "chai"
import * as fc from "fast-check"
import * as fs from "fs"
import { tmpdir } from "os"
import * as path from "path"
import { NO_METRICS } from "../../../src/hub/metrics"
import { Spool } from "../../../src/hub/stream/spool"
import { SpoolFile } from "../../../src/hub/stream/spool_file"
import { CountedSpoolSpace } from "../../../src/hub/stream/spool_space"

const KILOBYTE = 1024

describe("CountedSpoolSpace", () => {
  it("gives its units to whoever comes first, and the next one when a unit comes back", () => {
    const space = new CountedSpoolSpace(1)
    const taken: string[] = []
    for (const name of ["one", "two", "three", "four"]) {
      const withdraw = space.take(() => taken.push(name))
      if (name === "two") {
        withdraw()
      }
    }
    expect(taken).to.deep.equal(["one"])
    space.giveBack()
    expect(taken).to.deep.equal(["one", "three"])
    space.giveBack()
    space.giveBack()
    space.take(() => taken.push("five"))
    expect(taken).to.deep.equal(["one", "three", "four", "five"])
  })
})

describe("Spools that share their space", () => {
  let directory: string

  beforeEach(() => { directory = fs.mkdtempSync(path.join(tmpdir(), "test-spools-")) })
  afterEach(() => fs.rmSync(directory, { recursive: true }))

  function numbered(length: number, from: number): Buffer {
    return Buffer.from(Array.from({ length }, (_, index) => (from + index) * 31 % 251))
  }

  /** Notes how many of its units are taken, and the most that ever were. */
  class NotedSpace extends CountedSpoolSpace {
    taken = 0
    most = 0

    override take(onTaken: () => void): () => void {
      return super.take(() => {
        this.most = Math.max(this.most, ++this.taken)
        onTaken()
      })
    }

    override giveBack(): void {
      this.taken--
      super.giveBack()
    }
  }

  it("lose no byte, never take more than there is, all come to an end, and give everything back", async () => {
    let mostWereTaken = 0
    await fc.assert(fc.asyncProperty(
      fc.integer({ min: 0, max: 4 }), fc.integer({ min: 256, max: 3000 }), fc.integer({ min: 1000, max: 9000 }),
      fc.array(fc.record({
        sizes: fc.array(fc.integer({ min: 1, max: 4000 }), { maxLength: 20 }), pause: fc.nat(3),
        end: fc.constantFrom("read", "read", "destroyed"),
      }), { minLength: 2, maxLength: 5 }),
      async (units, unitBytes, maximumBytes, runs) => {
        const space = new NotedSpace(units, unitBytes)
        await Promise.all(runs.map(async ({ sizes, pause, end }) => {
          const settings = { toDisk: true, directory, memoryBytes: KILOBYTE, maximumBytes }
          const spool = new Spool(settings, (where, capacity) => SpoolFile.open(where, capacity), NO_METRICS, space)
          let from = 0
          const chunks = sizes.map((size) => numbered(size, (from += size) - size))
          const closed = new Promise((resolve) => { spool.once("close", resolve) })
          const fed = (async () => {
            for (const chunk of chunks) {
              if (!spool.offer(chunk)) {
                await Promise.race([closed, new Promise<void>((resolve) => { spool.onRoom = resolve })])
              }
            }
            spool.finish()
          })()
          const taken: Buffer[] = []
          for await (const chunk of spool) {
            taken.push(chunk as Buffer)
            for (let turns = pause; turns > 0; turns--) {
              await new Promise((resolve) => { setImmediate(resolve) })
            }
            if (end === "destroyed" && taken.length === 3) {
              break
            }
          }
          await fed
          await closed
          const all = Buffer.concat(taken)
          expect(all.equals(Buffer.concat(chunks).subarray(0, all.length))).to.equal(true)
          expect(end === "destroyed" || all.length === from).to.equal(true)
        }))
        expect(space.taken).to.equal(0)
        expect(space.most).to.be.at.most(units)
        mostWereTaken = Math.max(mostWereTaken, space.most)
      },
    ), { numRuns: 150 })
    expect(mostWereTaken).to.be.greaterThan(1)
  })

  it("take of the disk what waits, rounded up, and have it back while the run goes on", async () => {
    const space = new NotedSpace(10, 4 * KILOBYTE)
    const spool = new Spool({ toDisk: true, directory, memoryBytes: KILOBYTE, maximumBytes: 100 * KILOBYTE },
      (where, capacity) => SpoolFile.open(where, capacity), NO_METRICS, space)
    const until = async (holds: () => boolean): Promise<void> => {
      while (!holds()) {
        await new Promise((resolve) => { setImmediate(resolve) })
      }
    }
    for (let index = 0; index < 11; index++) {
      spool.offer(numbered(KILOBYTE, index * KILOBYTE))
    }
    await until(() => space.taken === 3)
    const read: Buffer[] = []
    spool.on("data", (chunk: Buffer) => read.push(chunk))
    await until(() => Buffer.concat(read).length === 11 * KILOBYTE && space.taken === 0)
    expect(spool.destroyed).to.equal(false)
    expect(Buffer.concat(read).equals(numbered(11 * KILOBYTE, 0))).to.equal(true)
    spool.destroy()
  })
})
