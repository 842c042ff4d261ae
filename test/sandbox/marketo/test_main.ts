import { expect } from "chai"
import { spawn } from "node:child_process"
import * as path from "node:path"

const ROOT = path.join(__dirname, "../../..")

/** Runs the stand-alone program; `when` is called with what it has printed so far. */
async function run(flags: string[], when: (printed: string, stop: () => void) => void) {
  return new Promise<{ printed: string, code: number | null }>((resolve) => {
    const program = spawn(process.execPath,
      ["-r", "ts-node/register/transpile-only", "sandbox/marketo/main.ts", ...flags], { cwd: ROOT })
    let printed = ""
    const hear = (text: Buffer) => {
      printed += text.toString()
      when(printed, () => program.kill("SIGTERM"))
    }
    program.stdout.on("data", hear)
    program.stderr.on("data", hear)
    program.on("close", (code) => resolve({ printed, code }))
  })
}

describe("Marketo sandbox: stand-alone", function() {
  this.timeout(30_000)

  it("prints where it is, how to sign in and what is in it, and stops on SIGTERM", async () => {
    let answer: Promise<Response> | undefined
    const { printed, code } = await run(["--port", "0", "--latency", "none"], (text, stop) => {
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0]
      if (text.includes("Ctrl-C") && url && !answer) {
        answer = fetch(`${url}/sandbox/state`)
        void answer.finally(stop)
      }
    })
    expect(code).to.equal(0)
    expect(printed).to.contain("NOT Marketo").and.to.contain("sandbox-client-id")
      .and.to.contain("sandbox-client-secret")
    expect(printed).to.match(/list +1001 +Newsletter/).and.to.match(/campaign +2001 +Welcome/)
      .and.to.match(/program +3001 +Spring Webinar/)
    expect((await answer)?.status).to.equal(200)
    expect(printed).to.contain("has stopped")
  })

  it("explains its flags, and refuses a flag that is not a number", async () => {
    const help = await run(["--help"], () => undefined)
    expect(help.printed).to.contain("--latency").and.to.contain("--speed")
    const wrong = await run(["--rate", "many"], () => undefined)
    expect(wrong).to.deep.equal({ printed: '--rate must be a number, not "many"\n', code: 1 })
  })
})
