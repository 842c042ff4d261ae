import { expect } from "chai"
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { forgetConnections } from "../../src/actions/marketo/lib/api/connection"
import { readLookmlFields } from "../../bin/tags/lookml_view"
import { runTagProgram } from "../../bin/tags/tag_program"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"

describe("The tag helper", () => {
  let sandbox: MarketoSandbox
  let folder: string

  before(async () => {
    sandbox = await MarketoSandbox.start()
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "marketo-tags-"))
  })

  beforeEach(() => {
    forgetConnections()
    sandbox.reset()
  })

  after(async () => {
    fs.rmSync(folder, { recursive: true })
    await sandbox.stop()
  })

  function environment(): { [name: string]: string } {
    return {
      MARKETO_URL: sandbox.url, MARKETO_CLIENT_ID: sandbox.clientId, MARKETO_CLIENT_SECRET: sandbox.clientSecret,
      MARKETO_ALLOWED_HOSTS: "127.0.0.1",
    }
  }

  function view(name: string, ...members: string[]): string {
    const file = path.join(folder, `${name}.view.lkml`)
    fs.writeFileSync(file, `view: ${name} {\n${members.join("\n")}\n}\n`)
    return file
  }

  async function run(args: string[], variables: { [name: string]: string | undefined } = environment()) {
    let text = ""
    let errors = ""
    const exitCode = await runTagProgram(args, variables, {
      write: (part) => { text += part },
      writeError: (part) => { errors += part },
    })
    return { exitCode, lines: text.split("\n").slice(0, -1), errors }
  }

  async function check(...members: string[]): Promise<{ exitCode: number, lines: string[] }> {
    const file = view("users", ...members)
    const { exitCode, lines, errors } = await run(["--view", file])
    expect(errors).to.equal("")
    return { exitCode, lines: lines.map((line) => line.replace(`${file}:`, "users:")) }
  }

  describe("without a file", () => {
    it("lists the tags of all fields that can be written, with name and type", async () => {
      const { exitCode, lines } = await run([])
      expect(exitCode).to.equal(0)
      expect(lines).to.include("tags: [\"marketo:firstName\"] # First Name (string, 255 characters)")
      expect(lines).to.include("tags: [\"marketo:isVip\"] # Is VIP (boolean)")
      const refused = /marketo:(id|createdAt|mktoName|fullAddress|sfdcLeadId)"/
      expect(lines.filter((line) => refused.test(line))).to.deep.equal([])
    })

    it("lists lines that LookML can read", async () => {
      const { lines } = await run([])
      const fields = readLookmlFields(lines.map((line) => `view: v { dimension: d { ${line}\n } }`).join("\n"))
      expect(fields).to.have.length(lines.length)
      expect(fields.every(({ tags }) => /^marketo:\w+$/.test(tags[0]))).to.equal(true)
    })
  })

  describe("for a file", () => {
    it("checks tags for fields of program members", async () => {
      const good = "dimension: seat { tags: [\"marketo:program.seatNumber\"] }"
      expect((await check(good)).exitCode).to.equal(0)
      const { exitCode, lines } = await check("dimension: a { tags: [\"marketo:program.statusName\"] }",
        "dimension: b { tags: [\"marketo:program.seatNumbr\"] }", "dimension: c { tags: [\"marketo:program.\"] }")
      expect(exitCode).to.equal(1)
      expect(lines.join("\n")).to.contain("cannot be written. Choose the status in the form")
        .and.to.contain("Closest: \"seatNumber\".").and.to.contain("names no field of program members.")
    })

    it("finds nothing wrong with good tags", async () => {
      expect(await check("dimension: mail { tags: [\"email\", \"marketo:email\", \"marketo:secondaryEmail\"] }"))
        .to.deep.equal({ exitCode: 0, lines: ["users: 1 field, 2 Marketo tags, 0 wrong."] })
    })

    it("names unknown fields, with suggestions, and its line", async () => {
      const { exitCode, lines } = await check("dimension: a { tags: [\"marketo:fristName\"] }",
        "measure: b { tags: [\"marketo:Lead Score\"] }", "dimension: c { tags: [\"marketo:LastName\"] }")
      expect(exitCode).to.equal(1)
      expect(lines[0]).to.equal("users:2: dimension a has the tag \"marketo:fristName\", but Marketo has no lead " +
        "field with that REST API name. Closest: \"firstName\", \"lastName\".")
      expect(lines[1]).to.match(/^users:3: measure b .* is the field's display name\. .*"leadScore"\.$/)
      expect(lines[2]).to.match(/^users:4: dimension c .* is the field's SOAP name\. .*"lastName"\.$/)
      expect(lines[3]).to.equal("users: 3 fields, 3 Marketo tags, 3 wrong.")
    })

    it("names fields that cannot be written, but not those by which leads are found", async () => {
      const { exitCode, lines } = await check("dimension: a { tags: [\"marketo:createdAt\"] }",
        "dimension: b { tags: [\"marketo:id\"] }")
      expect(exitCode).to.equal(1)
      expect(lines).to.deep.equal([
        "users:2: dimension a feeds the Marketo field \"createdAt\" (Created At), which cannot be written.",
        "users: 2 fields, 2 Marketo tags, 1 wrong.",
      ])
    })

    it("names tags that two fields of a view have, or one twice", async () => {
      const { exitCode, lines } = await check("dimension: a { tags: [\"marketo:title\", \"marketo:title\"] }",
        "dimension: b { tags: [\"marketo: title\"] }")
      expect(exitCode).to.equal(1)
      expect(lines[0]).to.equal("users:2: dimension a has the tag \"marketo:title\" twice.")
      expect(lines[1]).to.equal("users:3: dimension b has the tag \"marketo: title\", as dimension a (line 2) has: a " +
        "query with both is refused.")
    })

    it("takes one tag in two views", async () => {
      const { exitCode } = await check("dimension: a { tags: [\"marketo:title\"] }", "}", "view: others {",
        "dimension: a { tags: [\"marketo:title\"] }")
      expect(exitCode).to.equal(0)
    })

    it("names tags that the action would not see", async () => {
      const { exitCode, lines } =
        await check("dimension: a { tags: [\"Marketo:title\", \"marketo :x\", \"marketo:\"] }")
      expect(exitCode).to.equal(1)
      expect(lines[0]).to.contain("has the tag \"Marketo:title\", which is passed over")
      expect(lines[1]).to.contain("has the tag \"marketo :x\", which is passed over")
      expect(lines[2]).to.contain("has the tag \"marketo:\", which names no Marketo field")
    })

    it("suggests tags by REST, display and SOAP name, beside those that are there", async () => {
      const { exitCode, lines } = await check("dimension: first_name { tags: [\"name\"] }",
        "dimension: score { label: \"Lead score\" }", "dimension: job_title {}", "dimension: shoe_size {}",
        "dimension: id {}")
      expect(exitCode).to.equal(0)
      expect(lines).to.deep.equal([
        "users:2: dimension first_name could have tags: [\"name\", \"marketo:firstName\"] " +
          "# First Name (string, 255 characters)",
        "users:3: dimension score could have tags: [\"marketo:leadScore\"] # Lead Score (integer)",
        "users:4: dimension job_title could have tags: [\"marketo:title\"] # Job Title (string, 255 characters)",
        "users: 5 fields, 0 Marketo tags, 0 wrong.",
      ])
    })

    it("suggests nothing that another field of the view feeds, and each field once", async () => {
      const { lines } = await check("dimension: mail { tags: [\"marketo:email\"] }", "dimension: email {}",
        "dimension: title {}", "dimension: job_title {}")
      expect(lines.filter((line) => line.includes("could have"))).to.have.length(1)
    })

    it("checks several files", async () => {
      const files = [view("a", "dimension: city {}"), view("b", "dimension: x { tags: [\"marketo:zzz\"] }")]
      const { exitCode, lines } = await run(["--view", files[0], "--view", files[1]])
      expect(exitCode).to.equal(1)
      expect(lines.filter((line) => / wrong\.$/.test(line))).to.have.length(2)
    })
  })

  describe("says what to do", () => {
    it("for help", async () => {
      const { exitCode, lines } = await run(["--help"], {})
      expect(exitCode).to.equal(0)
      expect(lines.join("\n")).to.contain("npm run marketo:tags -- --view").and.contain("MARKETO_CLIENT_SECRET")
    })

    it("when variables are missing", async () => {
      const variables = { ...environment(), MARKETO_URL: " ", MARKETO_CLIENT_SECRET: undefined }
      const { exitCode, errors } = await run([], variables)
      expect(exitCode).to.equal(2)
      expect(errors).to.match(/^Set MARKETO_URL, MARKETO_CLIENT_SECRET, in the environment/)
    })

    it("when the credentials are wrong, without showing them", async () => {
      const { exitCode, errors } = await run([], { ...environment(), MARKETO_CLIENT_SECRET: "wrong-secret" })
      expect(exitCode).to.equal(2)
      expect(errors).to.not.equal("").and.not.contain("wrong-secret")
    })

    it("when the URL is not an instance's", async () => {
      expect((await run([], { ...environment(), MARKETO_URL: "https://example.com" })).errors)
        .to.contain("is not the address of a Marketo instance")
    })

    it("when Marketo does not answer in time", async () => {
      sandbox.addFault({ match: { operation: "describeLeads2" }, effect: { kind: "http", status: 503 } })
      let errors = ""
      const exitCode = await runTagProgram([], environment(),
        { write: () => undefined, writeError: (text) => { errors += text } }, 20)
      expect(exitCode).to.equal(2)
      // Whether the time ends within a call or between two of them is chance.
      expect(errors).to.match(/gave (no answer|HTTP 503)/)
    })

    it("when the fields may not be read", async () => {
      sandbox.addFault({ match: { operation: "describeLeads2" }, effect: { kind: "error", code: "603" } })
      const { exitCode, errors } = await run([])
      expect(exitCode).to.equal(2)
      expect(errors).to.contain("permission")
    })

    it("for a file that is not there, or is not LookML", async () => {
      expect(await run(["--view", path.join(folder, "none.lkml")])).to.deep.include({ exitCode: 2 })
      const { exitCode, errors } = await run(["--view", view("broken", "dimension: a {")])
      expect(exitCode).to.equal(2)
      expect(errors).to.contain("broken.view.lkml cannot be read as a LookML view: Line 1: The block of \"view\" has " +
        "no end")
    })

    it("for an argument that it does not know", async () => {
      const { exitCode, errors } = await run(["--vew", "x"])
      expect(exitCode).to.equal(2)
      expect(errors).to.match(/--vew.*The option --help tells what there is\.\n$/)
    })
  })

  it("goes without SOAP names that cannot be read", async () => {
    sandbox.addFault({ match: { operation: "describeLeads" }, effect: { kind: "error", code: "603" } })
    const { exitCode, errors } = await run([])
    expect(exitCode).to.equal(0)
    expect(errors).to.match(/^SOAP names are left aside/)
  })

  it("as a program writes its lines to the output and sets the exit code", async () => {
    const file = view("users", "dimension: a { tags: [\"marketo:zzz\"] }")
    const child = spawn(process.execPath,
      ["-r", "ts-node/register/transpile-only", path.resolve("bin/marketo_tags.ts"), "--view", file],
      { env: { ...process.env, ...environment() }, stdio: ["ignore", "pipe", "inherit"] })
    let text = ""
    child.stdout.on("data", (part: Buffer) => { text += part.toString() })
    const exitCode = await new Promise((resolve) => { child.on("close", resolve) })
    expect(exitCode).to.equal(1)
    expect(text.split("\n")).to.have.length(3)
    expect(text).to.contain("has the tag \"marketo:zzz\"")
  }).timeout(30000)
})
