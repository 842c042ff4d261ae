import { ChildProcess, spawn } from "child_process"
import { randomBytes } from "crypto"
import * as fs from "fs"
import { AddressInfo, createServer } from "net"
import * as os from "os"
import * as path from "path"
import { setTimeout as wait } from "timers/promises"

const PROJECT_ROOT = path.resolve(__dirname, "../..")
const COMPILED_HUB = path.join(PROJECT_ROOT, "lib/boot.js")
const START_WITHIN_MS = 30_000
const STOP_WITHIN_MS = 10_000
const KEPT_LOG_LINES = 40

/**
 * The variables of this process's environment that the hub gets: those the system itself needs, and none of a hub's
 * settings.
 */
const PASSED_ON = ["PATH", "TMPDIR", "TEMP", "SystemRoot"]

/** The compiled hub as a process of its own, set up only by environment variables, as in production. */
export class HubProcess {
  /**
   * Starts the hub on a free port of this machine and waits until it answers GET /status.
   * Throws an Error with the hub's output if it does not come up.
   */
  static async start(settings: Record<string, string> = {}, bootFile = COMPILED_HUB): Promise<HubProcess> {
    if (!fs.existsSync(bootFile)) {
      throw new Error("The hub is not compiled: run npm run build first.")
    }
    const hub = new HubProcess(bootFile, await freePort(), randomBytes(32).toString("hex"), settings)
    try {
      await hub.waitUntilReady()
    } catch (error) {
      await hub.stop()
      throw error
    }
    return hub
  }

  readonly url: string
  /** The way the process ended, as the second half of a sentence that begins with "The hub"; absent while it runs. */
  ending: string | undefined
  private readonly child: ChildProcess
  private readonly logLines: string[] = []
  private readonly outputClosed: Promise<void>
  /** The hub's records and reports, gone with it. */
  private readonly stateDirectory = fs.mkdtempSync(path.join(os.tmpdir(), "action-hub-demo-"))

  private constructor(bootFile: string, port: number, readonly secret: string, settings: Record<string, string>) {
    this.url = `http://127.0.0.1:${port}`
    this.child = spawn(process.execPath, [bootFile], {
      // The hub reads a .env of its working folder. The demo must not depend on one.
      cwd: path.dirname(bootFile),
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]])),
        ACTION_HUB_BASE_URL: this.url,
        ACTION_HUB_LABEL: "Demo Action Hub",
        ACTION_HUB_SECRET: secret,
        ACTION_HUB_HOST: "127.0.0.1",
        ACTION_HUB_SHUTDOWN_GRACE_SECONDS: "2",
        ACTION_HUB_STATE_DIRECTORY: this.stateDirectory,
        PORT: String(port),
        ...settings,
      },
    })
    for (const output of [this.child.stdout, this.child.stderr]) {
      output?.setEncoding("utf8").on("data", (text: string) => this.keepLog(text))
    }
    this.outputClosed = new Promise((resolve) => this.child.once("close", () => resolve()))
    this.child.once("error", (error) => {
      this.ending = `could not be started: ${error.message}`
    })
    this.child.once("exit", (code, signal) => {
      this.ending = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`
    })
  }

  get processId(): number | undefined {
    return this.child.pid
  }

  /** The hub's last output, newest line at the end. */
  get log(): string {
    return this.logLines.join("\n")
  }

  /** Stops reading the hub's output, as a log collector does that hangs. */
  pauseLog(): void {
    this.child.stdout?.pause()
    this.child.stderr?.pause()
  }

  /** Reads the hub's output again. */
  resumeLog(): void {
    this.child.stdout?.resume()
    this.child.stderr?.resume()
  }

  /** Closes the hub's output, as a log collector does that dies. */
  closeLog(): void {
    this.child.stdout?.destroy()
    this.child.stderr?.destroy()
  }

  /** Asks the hub to end, and ends it by force if it takes longer than 10 s. */
  async stop(): Promise<void> {
    if (this.ending === undefined) {
      await this.end()
    }
    fs.rmSync(this.stateDirectory, { recursive: true, force: true })
  }

  private async end(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.child.once("exit", () => resolve()))
    this.child.kill("SIGTERM")
    const timer = setTimeout(() => this.child.kill("SIGKILL"), STOP_WITHIN_MS)
    await ended
    clearTimeout(timer)
  }

  private async waitUntilReady(): Promise<void> {
    const deadline = performance.now() + START_WITHIN_MS
    while (performance.now() < deadline) {
      if (this.ending !== undefined) {
        // Its output may arrive after the report of its end.
        await Promise.race([this.outputClosed, wait(1000)])
        throw new Error(`The hub ${this.ending}. Its output:\n${this.log}`)
      }
      const answered = await fetch(`${this.url}/status`).then((response) => response.ok, () => false)
      if (answered) {
        return
      }
      await wait(50)
    }
    throw new Error(`The hub does not answer GET /status after ${START_WITHIN_MS / 1000} s. Its output:\n${this.log}`)
  }

  private keepLog(text: string): void {
    this.logLines.push(...text.split("\n").filter((line) => line !== ""))
    this.logLines.splice(0, Math.max(0, this.logLines.length - KEPT_LOG_LINES))
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(0, "127.0.0.1", resolve)
  })
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}
