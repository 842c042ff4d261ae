import { ChildProcess, spawn, spawnSync } from "child_process"
import * as fs from "fs"
import * as net from "net"
import * as os from "os"
import * as path from "path"

import { leaveOut } from "./left_out"

const PROGRAM = "redis-server"

/** Whether this machine has the program. */
export const HAS_REDIS = spawnSync(PROGRAM, ["--version"]).status === 0

/** A suite that needs a Redis of its own. On a machine without, it is left out, and a line at the end says so. */
export function describeWithRedis(title: string, suite: (this: Mocha.Suite) => void): void {
  if (HAS_REDIS) {
    describe(title, suite)
  } else {
    leaveOut(title, `${PROGRAM} is not on this machine; to run them: apt-get install redis-server`)
  }
}

/** A real Redis on a free port of 127.0.0.1, with a directory of its own. */
export class RedisServer {
  port = 0
  private child: ChildProcess | undefined
  private readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), "redis-"))

  /** `settings`: further ones, as on Redis's command line without the dashes. */
  constructor(private readonly settings: { [name: string]: string } = {}) {}

  get url(): string {
    const password = this.settings.requirepass === undefined ? "" : `:${this.settings.requirepass}@`
    return `redis://${password}127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    this.port = this.port === 0 ? await freePort() : this.port
    const settings = { port: String(this.port), bind: "127.0.0.1", save: "", dir: this.directory, ...this.settings }
    const parameters = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
    this.child = spawn(PROGRAM, parameters, { stdio: "ignore" })
    // Whatever becomes of a test, it neither outlives the tests nor keeps them from ending.
    const { child } = this
    const kill = () => child.kill("SIGKILL")
    child.unref()
    process.once("exit", kill)
    child.once("exit", () => process.removeListener("exit", kill))
    while (await this.say("PING").catch(() => "") !== "+PONG") {
      if (this.child.exitCode !== null) {
        throw new Error(`${PROGRAM} did not start on port ${this.port}.`)
      }
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  /** Ends it at once. What it has not saved is lost; what it has comes back with the next start. */
  async stop(): Promise<void> {
    const { child } = this
    this.child = undefined
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      // The one who waits for its end may have nothing else to wait for.
      child.ref()
      await new Promise((resolve) => {
        child.once("exit", resolve)
        child.kill("SIGKILL")
      })
    }
  }

  /** Saves what it has, or not, ends it and starts it again on the same port. */
  async restart({ withData }: { withData: boolean }): Promise<void> {
    if (withData) {
      await this.say("SAVE")
    }
    await this.stop()
    if (!withData) {
      fs.rmSync(path.join(this.directory, "dump.rdb"), { force: true })
    }
    await this.start()
  }

  /** Returns all that stands in it, as a backup has it. Start it with `rdbcompression` no. */
  async contents(): Promise<string> {
    await this.say("SAVE")
    return fs.readFileSync(path.join(this.directory, "dump.rdb"), "latin1")
  }

  /** It keeps its connections, and answers nothing. */
  pause(): void {
    this.child?.kill("SIGSTOP")
  }

  resume(): void {
    this.child?.kill("SIGCONT")
  }

  /** Ends it for good, and removes its files. */
  async remove(): Promise<void> {
    await this.stop()
    fs.rmSync(this.directory, { recursive: true, force: true })
  }

  /** Sends one command; resolves with the first line of the answer, which for a text of some length is `$<length>`. */
  async say(command: string): Promise<string> {
    const [line] = await this.lines(command)
    return line
  }

  /** Sends one command; resolves with the lines of the answer, as the protocol has them. */
  async lines(command: string): Promise<string[]> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(this.port, "127.0.0.1")
      const { requirepass } = this.settings
      socket.setEncoding("utf8")
      let answer = ""
      socket.on("error", reject)
      socket.on("data", (chunk: string) => { answer += chunk })
      socket.on("end", () => {
        const lines = answer.split("\r\n")
        // The answers to AUTH and QUIT are not asked for.
        resolve(lines.slice(requirepass === undefined ? 0 : 1, -2))
      })
      socket.write(`${requirepass === undefined ? "" : `AUTH ${requirepass}\r\n`}${command}\r\nQUIT\r\n`)
    })
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}
