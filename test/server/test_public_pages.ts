import { expect } from "chai"
import * as fs from "fs"
import * as path from "path"

import { renderPage } from "../../src/server/page"
import { PROJECT_FOLDER } from "../../src/server/project_folder"
import { HubUnderTest, SECRET, ScriptedAction } from "./hub_under_test"

describe("The hub's page", () => {
  const hub = new HubUnderTest()

  before(async () => hub.start([new ScriptedAction({ label: "Scripted & <b>bold</b>" })]))
  after(async () => hub.stop())

  it("shows the hub, its address and its actions to anyone, in any working directory", async () => {
    const directory = process.cwd()
    process.chdir("/")
    try {
      const answer = await hub.get("/")
      expect(answer.status).to.equal(200)
      expect(answer.headers["content-type"]).to.match(/^text\/html/)
      expect(answer.body).to.include("Test Hub").and.include("https://hub.example.com<")
        .and.include("Does what a test says.").and.include("1 action.")
      expect(answer.body).to.not.include("{{").and.not.include(SECRET)
    } finally {
      process.chdir(directory)
    }
  })

  it("is the same under its file's name", async () => {
    expect((await hub.get("/index.html")).body).to.equal((await hub.get("/")).body)
  })

  it("escapes what actions say of themselves, and runs no script", async () => {
    const answer = await hub.get("/")
    expect(answer.body).to.include("Scripted &amp; &lt;b&gt;bold&lt;/b&gt;").and.not.include("<b>bold</b>")
    expect(answer.headers["content-security-policy"]).to.match(/^default-src 'none'; /)
  })

  it("loads nothing from elsewhere", () => {
    const template = fs.readFileSync(path.join(PROJECT_FOLDER, "public", "index.html"), "utf8")
    expect(template).to.not.match(/(src|href)="(https?:)?\/\//).and.not.match(/@import|url\(/)
  })

  it("leaves placeholders it does not know, and text that looks like one in a value", () => {
    const page = renderPage("{{label}} {{other}}", { label: "{{url}} $& $1", url: "u", actions: [], links: [] })
    expect(page).to.equal("{{url}} $&amp; $1 {{other}}")
  })

  it("tells nothing of the software it runs on", async () => {
    const { headers } = await hub.get("/")
    expect(headers).to.not.have.property("x-powered-by")
    expect(headers["x-content-type-options"]).to.equal("nosniff")
  })
})

describe("GET /status", () => {
  const hub = new HubUnderTest()
  const file = path.join(PROJECT_FOLDER, "status.json")

  beforeEach(async () => hub.start([new ScriptedAction()]))
  afterEach(async () => hub.stop())

  it("answers in JSON without a file", async () => {
    const answer = await hub.get("/status")
    expect(answer.status).to.equal(200)
    expect(answer.headers["content-type"]).to.match(/^application\/json/)
    const status = JSON.parse(answer.body) as Record<string, unknown>
    expect(status).to.include({ ready: true, runsInFlight: 0 })
    expect(status.uptimeSeconds).to.be.a("number")
    expect(status.version).to.match(/^\d+\.\d+\.\d+/)
  })

  for (const [what, content, expected] of [
    ["what a deployment wrote to status.json", "{\"git_commit\":\"abc\",\"ready\":\"no\"}", "abc"],
    ["nothing of a broken status.json", "{broken", undefined],
    ["nothing of a status.json that is no object", "[\"abc\"]", undefined],
  ] as const) {
    it(`shows ${what}`, async function () {
      if (fs.existsSync(file)) {
        throw new Error("status.json is in the project folder: move it away for this test.")
      }
      fs.writeFileSync(file, content)
      try {
        await hub.stop()
        await hub.start([new ScriptedAction()])
        const status = JSON.parse((await hub.get("/status")).body) as Record<string, unknown>
        expect(status.git_commit).to.equal(expected)
        expect(status.ready).to.equal(true)
      } finally {
        fs.unlinkSync(file)
      }
    })
  }

  it("is no line in the log at its usual level", async () => {
    await hub.get("/status")
    const line = hub.logLines.find((entry) => entry.includes("/status"))
    expect(JSON.parse(line ?? "")).to.have.property("level", "debug")
  })
})
