import { expect } from "chai"
import { execFileSync } from "child_process"

import { disagreements } from "../../../sandbox/demo/accounts"
import { readArguments } from "../../../sandbox/demo/arguments"
import { curlLines } from "../../../sandbox/demo/curl_lines"
import { Delivery } from "../../../sandbox/demo/delivery"
import { prepareMarketo, Scenario } from "../../../sandbox/demo/scenario"
import { Terminal } from "../../../sandbox/demo/terminal"
import { HubClient } from "../../../sandbox/looker/hub_client"
import { sampleEmail } from "../../../sandbox/looker/lead_rows"
import { FieldSchema } from "../../../sandbox/marketo/setup/field_schema"
import { Store } from "../../../sandbox/marketo/instance/store"

describe("the demo's command line", () => {
  it("needs nothing", () => {
    expect(readArguments([])).to.deep.equal({ rowCount: 5000, speed: 5, keep: false, help: false })
  })

  it("takes numbers with separators", () => {
    expect(readArguments(["--rows", "20,000", "--keep"])).to.include({ rowCount: 20_000, keep: true })
  })

  for (const rows of ["0", "9", "1000001", "many", "-5", "1e4", ""]) {
    it(`refuses ${JSON.stringify(rows)} rows`, () => {
      expect(() => readArguments([`--rows=${rows}`])).to.throw("--rows is")
    })
  }

  it("refuses options it does not know", () => {
    expect(() => readArguments(["--row", "10"])).to.throw("--row")
  })
})

describe("the demo's Marketo instance", () => {
  const storeFor = (rowCount: number): { store: Store, scenario: Scenario } => {
    const store = new Store({
      schema: new FieldSchema(), now: () => 0, caseInsensitiveKeys: () => true, keepValues: true,
    })
    return { store, scenario: prepareMarketo(store, rowCount) }
  }

  for (const rowCount of [10, 11, 12, 5000]) {
    it(`knows of ${rowCount} rows two twice and the others once or not at all`, () => {
      const { store, scenario } = storeFor(rowCount)
      const held = Array.from({ length: rowCount }, (_, row) => store.leads.find("email", sampleEmail(row)).length)
      expect(held.filter((leads) => leads === 2)).to.have.length(2)
      expect(held.filter((leads) => leads === 1)).to.have.length(scenario.knownRows)
      expect(Math.max(...held)).to.equal(2)
      expect(scenario.list.members.size).to.equal(scenario.otherMembers + scenario.memberRows)
    })
  }
})

describe("the demo's check", () => {
  const scenario: Scenario = {
    list: { id: 7, name: "List", members: new Set() },
    knownRows: 3,
    ambiguousEmails: ["a@example.com", "b@example.com"],
    otherMembers: 5,
    memberRows: 1,
  }
  const rows = { received: 10, created: 5, updated: 3, merged: 0, skipped: 2, failed: 0, notSent: 0 }
  const message = { skipped: { "Multiple lead match lookup criteria": ["a@example.com", "b@example.com"] }, rows }
  const right: Delivery = {
    rowsRead: 10,
    seconds: 1,
    answer: {
      looker: { success: false, refresh_query: false, validation_errors: {}, message: JSON.stringify(message) },
    },
    marketo: {
      leadsCreated: 5, leadsUpdated: 3, skippedByCode: { 1007: 2 }, countedCalls: 2, callsByOperation: {},
      membersBefore: 6, membersAfter: 13,
    },
  }
  const saying = (text: string): Delivery => ({
    ...right, answer: { looker: { ...right.answer.looker, message: text } },
  })

  it("has nothing to say when all adds up", () => {
    expect(disagreements(10, scenario, right)).to.deep.equal([])
  })

  it("notices rows that nobody accounts for", () => {
    const marketo = { ...right.marketo, leadsCreated: 4, membersAfter: 12 }
    expect(disagreements(10, scenario, { ...right, marketo })).to.deep.equal([
      "Rows that Marketo created, updated or skipped: 9, but it should be 10.",
      "Leads created: 4, but it should be 5.",
      "Rows created, as the message says: 5, but it should be 4.",
    ])
  })

  it("notices rows that were not read", () => {
    expect(disagreements(10, scenario, { ...right, rowsRead: 9 })).to.deep.equal(
      ["Rows read by the hub: 9, but it should be 10.", "Rows received, as the message says: 10, but it should be 9."])
  })

  it("notices a missing member of the list", () => {
    const marketo = { ...right.marketo, membersAfter: 12 }
    expect(disagreements(10, scenario, { ...right, marketo })).to.deep.equal(
      ["Members of the list afterwards: 12, but it should be 13."])
  })

  it("notices a skipped lead that the message does not name", () => {
    const shorter = { ...message, skipped: { "Multiple lead match lookup criteria": ["a@example.com"] } }
    expect(disagreements(10, scenario, saying(JSON.stringify(shorter)))).to.deep.equal([
      "Leads that the message names as skipped: 1, but it should be 2.",
      "The message does not name b@example.com, which Marketo skipped.",
    ])
  })

  for (const name of ["received", "created", "updated", "merged", "skipped", "failed", "notSent"] as const) {
    it(`notices a message that counts another number of rows ${name}`, () => {
      const wrong = { ...message, rows: { ...rows, [name]: 99 } }
      expect(disagreements(10, scenario, saying(JSON.stringify(wrong)))).to.deep.equal(
        [`Rows ${name}, as the message says: 99, but it should be ${rows[name]}.`])
    })
  }

  it("notices a message without counts", () => {
    expect(disagreements(10, scenario, saying(JSON.stringify({ skipped: message.skipped })))).to.deep.equal(
      ["The message does not count the rows."])
  })

  it("notices a success that was none", () => {
    const answer = { looker: { ...right.answer.looker, success: true } }
    expect(disagreements(10, scenario, { ...right, answer })).to.deep.equal(
      ["The hub reported success although leads were skipped."])
  })

  it("notices errors of whole calls", () => {
    const found = disagreements(10, scenario, saying(JSON.stringify({ ...message, requestErrors: ["lost"] })))
    expect(found).to.deep.equal(["The message holds requestErrors: [\"lost\"]"])
  })

  it("notices a refused form field", () => {
    const answer = { looker: { ...right.answer.looker, validation_errors: { campaignId: "is no list" } } }
    expect(disagreements(10, scenario, { ...right, answer })).to.deep.equal(
      ["The hub refused the form's field campaignId: is no list"])
  })
})

describe("the demo's curl lines", () => {
  it("give curl the headers and the payload that Looker would send, whatever characters are in them", () => {
    const lines = curlLines({
      hubUrl: "http://hub.example.com",
      client: new HubClient({ url: "http://hub.example.com", apiKey: "nonce/digest" }),
      params: { clientSecret: "it's $HOME \"quoted\" \\n" },
      formParams: { lookupField: "email" },
      format: "json_detail_lite_stream",
      publishUrl: "http://looker.example.com/publish",
    })
    // A shell runs the line with a function in curl's place, which prints its last arguments one a line.
    const execute = lines[2].command
    const script = `curl() { if [ "$3" = POST ]; then echo http://looker.example.com/1; else printf '%s\\n' "$@"; fi; }
      ${execute}`
    const words = execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }).trimEnd().split("\n")
    expect(words).to.include("Authorization: Token token=\"nonce/digest\"")
    expect(words[words.length - 1]).to.equal("http://hub.example.com/actions/marketo/execute")
    const payload = JSON.parse(words[words.indexOf("-d") + 1]) as Record<string, Record<string, unknown>>
    expect(payload.data).to.deep.equal({ clientSecret: "it's $HOME \"quoted\" \\n" })
    expect(payload.scheduled_plan.download_url).to.equal("http://looker.example.com/1")
  })
})

describe("the demo's figures", () => {
  const written = (print: (terminal: Terminal) => void): string => {
    let text = ""
    const stream = { isTTY: false, write: (piece: string) => text += piece }
    print(new Terminal(stream as unknown as NodeJS.WriteStream))
    return text
  }

  it("align numbers at their last digit and remarks after them", () => {
    expect(written((terminal) => terminal.figures([["Rows read", 5000], ["Skipped", 2, "why"]]))).to.equal(
      "  Rows read   5,000\n" +
      "  Skipped         2   why\n")
  })

  it("leave no spaces behind a figure without a remark", () => {
    expect(written((terminal) => terminal.figures([["a", "long text"], ["bb", 7, ""]]))).to.equal(
      "  a    long text\n" +
      "  bb   7\n")
  })

  it("have no colours where there is no terminal", () => {
    expect(written((terminal) => terminal.line(terminal.styled("red", "plain")))).to.equal("  plain\n")
  })
})
