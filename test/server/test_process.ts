import { expect } from "chai"
import { ChildProcess, spawn } from "child_process"
import * as fs from "fs"
import * as http from "http"
import * as net from "net"
import * as os from "os"
import * as path from "path"

import { fromNonce, keyMadeWith, validate } from "../../src/server/api_key"
import Server from "../../src/server/server"
import { SECRET, eventually } from "./hub_under_test"

const PROJECT = path.resolve(__dirname, "..", "..")
const CONFIGURED = {
  ACTION_HUB_BASE_URL: "https://hub.example.com", ACTION_HUB_LABEL: "Hub", ACTION_HUB_SECRET: SECRET,
  ACTION_HUB_ENABLE_FORKING: "false", ACTION_HUB_HOST: "127.0.0.1", PORT: "0",
}

/** A program of the project in a process of its own, in an empty directory and with only the variables given. */
class RunningProgram {

  output = ""
  errors = ""
  readonly exitCode: Promise<number | null>
  readonly child: ChildProcess

  constructor(program: string, environment: NodeJS.ProcessEnv, directory: string) {
    this.child = spawn(process.execPath, ["-r", require.resolve("ts-node/register/transpile-only"),
      path.join(PROJECT, program)], {
      cwd: directory,
      env: { PATH: process.env.PATH, TS_NODE_PROJECT: path.join(PROJECT, "tsconfig.json"), ...environment },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    })
    this.child.stdout?.on("data", (chunk: Buffer) => { this.output += chunk.toString() })
    this.child.stderr?.on("data", (chunk: Buffer) => { this.errors += chunk.toString() })
    this.exitCode = new Promise((resolve) => this.child.once("close", resolve))
  }

  /** The port it listens on, once it does. */
  async port(): Promise<number> {
    const announced = /listening on port (\d+)/
    await eventually(() => announced.test(this.output) || this.child.exitCode !== null)
    const port = announced.exec(this.output)?.[1]
    if (port === undefined) {
      throw new Error(`It did not start:\n${this.output}${this.errors}`)
    }
    return Number(port)
  }

}

describe("The hub as a process", function () {
  this.timeout(30_000)

  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "hub-process-"))
  const running: RunningProgram[] = []

  afterEach(async () => {
    for (const program of running.splice(0)) {
      program.child.kill("SIGKILL")
      await program.exitCode
    }
  })
  after(() => fs.rmSync(directory, { recursive: true }))

  function run(program: string, environment: NodeJS.ProcessEnv = {}): RunningProgram {
    const started = new RunningProgram(program, environment, directory)
    running.push(started)
    return started
  }

  it("says everything that is missing and ends with code 1 when nothing is configured", async () => {
    const hub = run("src/boot.ts", { PORT: "many" })
    expect(await hub.exitCode).to.equal(1)
    expect(hub.errors).to.include("ACTION_HUB_BASE_URL is not set").and.include("ACTION_HUB_LABEL is not set")
      .and.include("ACTION_HUB_SECRET is not set").and.include("PORT is \"many\"").and.not.include("    at ")
  })

  it("announces development mode with a URL and a token that work together", async () => {
    const hub = run("src/boot.ts", {
      ACTION_HUB_DEVELOPMENT: "true", ACTION_HUB_ENABLE_FORKING: "false", PORT: "0",
    })
    const port = await hub.port()
    await eventually(() => hub.output.includes("Add Action Hub"))
    expect(hub.output).to.include("DEVELOPMENT MODE").and.include(`http://localhost:${port}\n`)
    const token = /token: +(\S+)/.exec(hub.output)?.[1] ?? ""
    const answer = await post(port, "/", token)
    expect(answer.status).to.equal(200)
    expect(answer.body).to.include(`http://localhost:${port}/actions/`)
  })

  it("takes its secrets from files, for tokens of both", async () => {
    const [present, previous] = ["present", "previous"].map((name) => {
      const file = path.join(directory, name)
      fs.writeFileSync(file, `${name} ${SECRET}\n`)
      return file
    })
    const hub = run("src/boot.ts", {
      ...CONFIGURED, ACTION_HUB_SECRET: "", ACTION_HUB_SECRET_FILE: present,
      ACTION_HUB_SECRET_PREVIOUS_FILE: previous, ACTION_HUB_STATE_DIRECTORY: directory,
    })
    const port = await hub.port()
    for (const [name, status] of [["present", 200], ["previous", 200], ["another", 403]] as const) {
      expect((await post(port, "/", keyMadeWith(`${name} ${SECRET}`, "n"))).status, name).to.equal(status)
    }
    hub.child.kill("SIGTERM")
    expect(await hub.exitCode).to.equal(0)
    expect(hub.output + hub.errors).to.include("A token made with ACTION_HUB_SECRET_PREVIOUS was used.")
      .and.match(/A request was refused for its token\..*because=wrong/).and.not.include(SECRET)
  })

  it("says that its host is none of this machine", async () => {
    const hub = run("src/boot.ts", { ...CONFIGURED, ACTION_HUB_HOST: "192.0.2.1" })
    expect(await hub.exitCode).to.equal(1)
    expect(hub.errors).to.include("ACTION_HUB_HOST is \"192.0.2.1\", which is no address of this machine: unset it")
  })

  it("ends with code 0 on SIGTERM, and says when a setting is ignored", async () => {
    const hub = run("src/boot.ts", { ...CONFIGURED, ACTION_HUB_RAVEN_DSN: "https://hush@sentry.example.com/1" })
    await hub.port()
    hub.child.kill("SIGTERM")
    expect(await hub.exitCode).to.equal(0)
    expect(hub.output + hub.errors).to.include("ACTION_HUB_RAVEN_DSN is ignored").and.not.include("hush")
      .and.not.include(SECRET)
  })

  it("says so when its port is taken", async () => {
    const holder = net.createServer()
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve))
    const { port } = holder.address() as net.AddressInfo
    const hub = run("src/boot.ts", { ...CONFIGURED, PORT: String(port) })
    const exitCode = await hub.exitCode
    holder.close()
    expect(exitCode).to.equal(1)
    expect(hub.errors).to.include(`Port ${port} is taken by another program: set PORT to a free one.`)
  })

  describe("when something throws where nobody can catch it", () => {
    const program = "test/server/programs/hub_with_stray_errors.ts"
    const key = () => {
      process.env.ACTION_HUB_SECRET = SECRET
      return fromNonce("n")
    }
    let secret: string | undefined

    beforeEach(() => { secret = process.env.ACTION_HUB_SECRET })
    afterEach(() => {
      delete process.env.ACTION_HUB_SECRET
      Object.assign(process.env, secret === undefined ? {} : { ACTION_HUB_SECRET: secret })
    })

    for (const [name, message] of [["exception", "thrown"], ["rejection", "rejected"]]) {
      it(`an uncaught ${name} in a run is that run's failure, and no other's`, async () => {
        const hub = run(program, CONFIGURED)
        const port = await hub.port()
        const other = post(port, "/actions/patient/execute", key())
        const answer = await post(port, `/actions/${name}/execute`, key())
        expect(answer.status).to.equal(200)
        expect(JSON.parse(answer.body)).to.deep.equal({ looker: {
          message: `${message} for jo@example.com`, success: false, refresh_query: false, validation_errors: {},
        } })
        expect((await other).body).to.include("undisturbed")
        hub.child.kill("SIGTERM")
        expect(await hub.exitCode).to.equal(0)
        expect(hub.output + hub.errors).to.include(`actionName=${name}`).and.not.include("jo@example.com")
      })
    }

    it("a rejection outside of runs is logged, and the hub goes on", async () => {
      const hub = run(program, CONFIGURED)
      const port = await hub.port()
      hub.child.send("reject")
      await eventually(() => hub.errors.includes("nobody's rejection"))
      expect((await post(port, "/", key())).status).to.equal(200)
    })

    it("an exception outside of runs ends the hub with code 1, after the runs", async () => {
      const hub = run(program, CONFIGURED)
      const port = await hub.port()
      const other = post(port, "/actions/patient/execute", key())
      await runInFlight(port)
      hub.child.send("throw")
      expect((await other).body).to.include("undisturbed")
      expect(await hub.exitCode).to.equal(1)
      expect(hub.errors).to.include("The hub stops after an error that nothing caught.")
    })
  })

  describe("the key generator", () => {
    it("prints a key that the hub accepts", async () => {
      const generator = run("bin/generate_api_key.ts", { ACTION_HUB_SECRET: SECRET })
      expect(await generator.exitCode).to.equal(0)
      expect(generator.output).to.match(
        /^Here's a valid API key:\n[0-9a-f]{64}\/[0-9a-f]{128}\n\nThis key will be valid until ACTION_HUB_SECRET is changed\.\n$/)
    })

    it("takes the secret from .env, or from the file that is named there", async () => {
      fs.writeFileSync(path.join(directory, "secret"), `${SECRET}\n`)
      fs.writeFileSync(path.join(directory, ".env"), "ACTION_HUB_SECRET_FILE=secret\n")
      const generator = run("bin/generate_api_key.ts")
      const exitCode = await generator.exitCode
      fs.rmSync(path.join(directory, ".env"))
      expect(exitCode).to.equal(0)
      process.env.ACTION_HUB_SECRET = SECRET
      try {
        expect(validate(generator.output.split("\n")[1])).to.equal(true)
      } finally {
        delete process.env.ACTION_HUB_SECRET
      }
    })

    it("makes a key for the hub that runs in development mode, by the command that its page names", async () => {
      const environment = { ACTION_HUB_STATE_DIRECTORY: directory }
      const hub = run("src/boot.ts", {
        ...environment, ACTION_HUB_DEVELOPMENT: "true", ACTION_HUB_ENABLE_FORKING: "false", PORT: "0",
      })
      const port = await hub.port()
      await eventually(() => hub.output.includes("For a hub that lasts"))
      const page = await (await fetch(`http://127.0.0.1:${port}/`)).text()
      expect(page).to.include("npm run generate-api-key")
      const generator = run("bin/generate_api_key.ts", environment)
      expect(await generator.exitCode, generator.errors).to.equal(0)
      expect(generator.output).to.include(`at http://localhost:${port}:\n`)
      expect((await post(port, "/", generator.output.split("\n")[1])).status).to.equal(200)

      hub.child.kill("SIGTERM")
      expect(await hub.exitCode).to.equal(0)
      expect(fs.readdirSync(directory).filter((name) => name.includes("action-hub-development"))).to.deep.equal([])
    })

    it("says what is missing", async () => {
      const generator = run("bin/generate_api_key.ts", { ACTION_HUB_STATE_DIRECTORY: directory })
      expect(await generator.exitCode).to.equal(1)
      expect(generator.output).to.equal("")
      expect(generator.errors).to.match(/^No ACTION_HUB_SECRET environment variable set\. /)
    })
  })
})

describe("Server.run", () => {
  const names = ["ACTION_HUB_BASE_URL", "ACTION_HUB_LABEL", "ACTION_HUB_SECRET"] as const
  const saved: NodeJS.ProcessEnv = {}

  beforeEach(() => names.forEach((name) => {
    saved[name] = process.env[name]
    process.env[name] = "set"
  }))
  afterEach(() => names.forEach((name) => {
    delete process.env[name]
    Object.assign(process.env, saved[name] === undefined ? {} : { [name]: saved[name] })
  }))

  for (const name of names) {
    it(`throws when ${name} is missing`, () => {
      // Empty rather than deleted: a developer's .env file would set it again.
      process.env[name] = ""
      expect(() => Server.run()).to.throw(`No ${name} environment variable set.`)
    })
  }
})

/** Resolves once the hub says that it has a run in flight. */
async function runInFlight(port: number): Promise<void> {
  const status = await (await fetch(`http://127.0.0.1:${port}/status`)).json() as { runsInFlight: number }
  return status.runsInFlight > 0 ? undefined : runInFlight(port)
}

async function post(port: number, route: string, key: string): Promise<{ status?: number, body: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: "127.0.0.1", port, method: "POST", path: route, agent: false,
      headers: { "authorization": `Token token="${key}"`, "content-type": "application/json" },
    }, (response) => {
      let body = ""
      response.on("data", (chunk: Buffer) => { body += chunk.toString() })
      response.on("end", () => resolve({ status: response.statusCode, body }))
    })
    request.on("error", reject)
    request.end("{\"type\":\"query\"}")
  })
}
