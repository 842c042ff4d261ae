import { expect } from "chai"
import { spawnSync } from "child_process"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"
import { HubProcess } from "../../sandbox/demo/hub_process"
import { eventually } from "../server/hub_under_test"
import { describeWithRedis, RedisServer } from "../support/redis_server"
import { HubsUnderTest, rowsOf } from "./hubs_under_test"

const PEOPLE = 600

/** What a probe was answered with. */
interface Probed {
  status: number
  reasons: string[]
}

/** Probes a hub all the time, as a load balancer does, and keeps the answers. */
class ProbeWatch {
  readonly seen: Probed[] = []
  /** Answers of `/livez` other than 200. */
  readonly dead: number[] = []
  private isOver = false
  private readonly done: Promise<void>

  constructor(private readonly hub: HubProcess) {
    this.done = this.watch()
  }

  /** Resolves with the next answer of that status. */
  async next(status: number): Promise<Probed> {
    const from = this.seen.length
    const answers = () => this.seen.slice(from).filter((probed) => probed.status === status)
    await eventually(() => answers().length > 0)
    return answers()[0]
  }

  async end(): Promise<void> {
    this.isOver = true
    await this.done
  }

  private async watch(): Promise<void> {
    while (!this.isOver && this.hub.ending === undefined) {
      try {
        const live = await fetch(`${this.hub.url}/livez`)
        const answer = await fetch(`${this.hub.url}/readyz`)
        this.seen.push({ status: answer.status, reasons: (await answer.json() as { reasons: string[] }).reasons })
        if (live.status !== 200) {
          this.dead.push(live.status)
        }
      } catch {
        // The port is closed: nobody is there to say anything.
        this.seen.push({ status: 0, reasons: [] })
      }
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
}

/** Starts a hub of which the probes are watched, once it is ready. */
async function watchedHub(
  hubs: HubsUnderTest, settings: Record<string, string>,
): Promise<{ hub: HubProcess, watch: ProbeWatch }> {
  const hub = await hubs.startHub({ ACTION_HUB_STOP_GRACE_SECONDS: "1", ...settings })
  const watch = new ProbeWatch(hub)
  await watch.next(200)
  return { hub, watch }
}

describe("A hub with its probes watched", function () {
  this.timeout(60_000)

  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "watched-hub-"))
  let hubs: HubsUnderTest
  let watch: ProbeWatch | undefined

  beforeEach(async () => { hubs = await HubsUnderTest.start() })
  afterEach(async () => {
    await watch?.end()
    await hubs.stop()
  })
  after(() => fs.rmSync(directory, { recursive: true, force: true }))

  it("is not ready from the death of its only execute process until there is a new one", async () => {
    const started = await watchedHub(hubs, {})
    watch = started.watch
    const notReady = watch.next(503)
    process.kill(hubs.executeProcesses(started.hub)[0], "SIGKILL")
    expect((await notReady).reasons.join()).to.match(/^(No execute process is up|The execute process is starting)\.$/)
    await watch.next(200)
    expect((await hubs.send(started.hub, 0, PEOPLE)).success).to.equal(true)
    expect(watch.dead).to.deep.equal([])
  })

  it("stays ready while another execute process is up", async () => {
    const started = await watchedHub(hubs, { ACTION_HUB_EXECUTE_PROCESS_COUNT: "2" })
    watch = started.watch
    const [first, second] = hubs.executeProcesses(started.hub)
    await eventually(async () => {
      const { processes } = await (await fetch(`${started.hub.url}/status`)).json() as {
        processes: { execute: { ready: number } }
      }
      return processes.execute.ready === 2
    })
    const from = watch.seen.length
    process.kill(first, "SIGKILL")
    expect((await hubs.send(started.hub, 0, PEOPLE)).success).to.equal(true)
    expect(watch.seen.slice(from).filter(({ status }) => status !== 200)).to.deep.equal([])
    expect(hubs.executeProcesses(started.hub)).to.include(second)
  })

  it("says on SIGTERM that it is not ready, takes sends for its delay, lets them end, and is gone", async () => {
    const started = await watchedHub(hubs, {
      ACTION_HUB_SHUTDOWN_DELAY_SECONDS: "2", ACTION_HUB_SHUTDOWN_GRACE_SECONDS: "30",
    })
    watch = started.watch
    const first = hubs.send(started.hub, 0, PEOPLE)
    process.kill(started.hub.processId ?? 0, "SIGTERM")
    expect((await watch.next(503)).reasons).to.deep.equal(["The hub is shutting down."])
    const late = hubs.send(started.hub, PEOPLE, 2 * PEOPLE)
    expect([(await first).success, (await late).success]).to.deep.equal([true, true])
    await eventually(() => started.hub.ending !== undefined)
    expect(started.hub.ending).to.equal("ended with exit code 0")
    expect(watch.dead).to.deep.equal([])
    hubs.expectEverybodyOnce(2 * PEOPLE)
  })

  it("is not ready while its directory for spools is gone, and sends all the same", async () => {
    const spools = path.join(directory, "spools")
    fs.mkdirSync(spools)
    const started = await watchedHub(hubs, { ACTION_HUB_SPOOL_DIRECTORY: spools })
    watch = started.watch
    fs.rmdirSync(spools)
    expect((await watch.next(503)).reasons)
      .to.deep.equal(["The directory of ACTION_HUB_SPOOL_DIRECTORY cannot be written to (ENOENT)."])
    expect((await hubs.send(started.hub, 0, PEOPLE)).success).to.equal(true)
    fs.mkdirSync(spools)
    await watch.next(200)
    expect(watch.dead).to.deep.equal([])
  })

  it("is not ready while the disk for spools is full, and loses no row, where one can be mounted", async function() {
    const spools = path.join(directory, "small-disk")
    fs.mkdirSync(spools)
    if (process.platform !== "linux" ||
      spawnSync("mount", ["-t", "tmpfs", "-o", "size=3m", "none", spools]).status !== 0) {
      this.skip()
    }
    try {
      // The least memory, so that a slow Marketo makes the result wait on the disk.
      const started = await watchedHub(hubs, {
        ACTION_HUB_SPOOL_DIRECTORY: spools, ACTION_HUB_SPOOL_MEMORY_BYTES: "65536",
      })
      watch = started.watch
      hubs.marketo.knobs.latency.sync = 6000
      const rows = 20_000
      const send = hubs.sendRows(started.hub, function*() {
        for (let index = 0; index < rows; index++) {
          yield { email: `p${index}@example.org`, firstName: "x".repeat(250) }
        }
      })
      expect((await watch.next(503)).reasons)
        .to.deep.equal(["The directory of ACTION_HUB_SPOOL_DIRECTORY is full (ENOSPC)."])
      hubs.marketo.knobs.latency.sync = 10
      const answer = await send
      expect([answer.success, rowsOf(answer).received]).to.deep.equal([true, rows])
      expect(started.hub.log).to.match(/temporary file for downloads can't be written \(ENOSPC/)
      await watch.next(200)
      expect(watch.dead).to.deep.equal([])
    } finally {
      await watch?.end()
      await hubs.stop()
      spawnSync("umount", [spools])
    }
  })
})

describe("The spools of two execute processes", function () {
  this.timeout(60_000)

  it("take no more of the disk than the hub may, and all rows arrive", async function() {
    if (process.platform !== "linux") {
      this.skip()
    }
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "limited-spools-"))
    const hubs = await HubsUnderTest.start({ latency: { sync: 9000 } })
    try {
      const hub = await hubs.startHub({
        ACTION_HUB_EXECUTE_PROCESS_COUNT: "2", ACTION_HUB_SPOOL_DIRECTORY: directory, ACTION_HUB_SPOOLS_LIMIT_MB: "16",
        ACTION_HUB_SPOOL_MEMORY_BYTES: "65536",
      })
      const rows = 12_000
      const send = async (from: number) => hubs.sendRows(hub, function*() {
        for (let index = from; index < from + rows; index++) {
          yield { email: `p${index}@example.org`, firstName: "x".repeat(250) }
        }
      })
      let mostFiles = 0
      const onDisk = () => {
        const files = hubs.executeProcesses(hub).flatMap((id) => spoolFiles(id, directory))
        mostFiles = Math.max(mostFiles, files.length)
        return files.length
      }
      const sends = [send(0), send(rows)]
      await eventually(() => onDisk() > 0)
      const watched = setInterval(onDisk, 5)
      hubs.marketo.knobs.latency.sync = 10
      const answers = await Promise.all(sends)
      clearInterval(watched)
      expect(answers.map(({ success }) => success)).to.deep.equal([true, true])
      expect(answers.map((answer) => rowsOf(answer).received)).to.deep.equal([rows, rows])
      // There is space for one file of 16 MiB.
      expect(mostFiles).to.equal(1)
    } finally {
      await hubs.stop()
      fs.rmSync(directory, { recursive: true })
    }
  })

  /** Descriptors of a process that lead to a file in the directory. */
  function spoolFiles(processId: number, directory: string): string[] {
    try {
      return fs.readdirSync(`/proc/${processId}/fd`).filter((name) => {
        try {
          return fs.readlinkSync(`/proc/${processId}/fd/${name}`).startsWith(directory)
        } catch {
          return false
        }
      })
    } catch {
      return []
    }
  }
})

describeWithRedis("A hub with Redis and its probes watched", function () {
  this.timeout(60_000)

  let hubs: HubsUnderTest
  let redis: RedisServer

  beforeEach(async () => {
    redis = new RedisServer()
    await redis.start()
    hubs = await HubsUnderTest.start()
  })
  afterEach(async () => {
    await hubs.stop()
    await redis.stop()
  })

  it("is not ready while Redis is gone, and is ready when it is back", async () => {
    const { watch } = await watchedHub(hubs, { ACTION_HUB_REDIS_URL: redis.url })
    await redis.stop()
    const { reasons } = await watch.next(503)
    expect(reasons.join()).to.match(/Redis/).and.not.include(String(redis.port))
    await redis.start()
    await watch.next(200)
    expect(watch.dead).to.deep.equal([])
    await watch.end()
  })
})
