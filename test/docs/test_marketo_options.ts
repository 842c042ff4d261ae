import { expect } from "chai"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { forgetConnections } from "../../src/actions/marketo/lib/api/connection"
import { MarketoAction } from "../../src/actions/marketo/marketo"
import { requestFor } from "../delivery/run_under_test"
import { readDocument } from "./documented_texts"

const DOCUMENT = "src/actions/marketo/options.md"

/** Fields whose choices are the instance's, but for the first one. */
const OF_THE_INSTANCE = ["lookupField", "target", "programStatus", "partition"]

interface AnyField {
  name: string
  label?: string
  default?: string
  options?: { name: string, label: string }[]
}

interface Row {
  section: string
  label: string
  stored: string
}

/** Rows that begin with a label, which is followed by a name or value in code. */
function rowsOf(markdown: string): Row[] {
  let section = ""
  return markdown.split("\n").flatMap((line) => {
    section = /^#{2,3} (.*)$/.exec(line)?.[1] ?? section
    const [, label, stored] = /^\| ([^|`]+) \| `([^`]*)` \|/.exec(line) ?? []
    return stored === undefined ? [] : [{ section, label, stored }]
  })
}

describe("options.md", () => {
  const rows = rowsOf(readDocument(DOCUMENT))
  const fields: AnyField[] = []
  const fresh: AnyField[] = []

  before(async () => {
    // More lists than are shown, so that the choice has its last entry.
    const sandbox = await MarketoSandbox.start({ staticListCount: 230 })
    const allowedBefore = process.env.MARKETO_ALLOWED_HOSTS
    process.env.MARKETO_ALLOWED_HOSTS = "127.0.0.1"
    const open = async (formParams: { [name: string]: string }) => {
      forgetConnections()
      const request = requestFor(sandbox, { rows: [], formParams })
      return (await new MarketoAction().validateAndFetchForm(request)).fields as AnyField[]
    }
    try {
      fresh.push(...await open({ moreOptions: "yes" }), ...await open({}))
      for (const subaction of optionsOf("subaction", fresh)) {
        fields.push(...await open({ subaction, moreOptions: "yes", campaignId: String(SEEDED.lists.newsletter) }))
      }
      fields.push(...await open({ subaction: "addProgram", target: `program:${SEEDED.programs.webinar}` }))
    } finally {
      await sandbox.stop()
      if (allowedBefore === undefined) {
        delete process.env.MARKETO_ALLOWED_HOSTS
      } else {
        process.env.MARKETO_ALLOWED_HOSTS = allowedBefore
      }
    }
  })

  it("has every setting, and no other", () => {
    const documented = rows.filter(({ section }) => section === "Settings")
    expect(documented.map(({ label, stored }) => `${label}: ${stored}`))
      .to.deep.equal(new MarketoAction().params.map(({ label, name }) => `${label}: ${name}`))
  })

  it("has every field that the form can show, by its label and its stored name, and no other", () => {
    const documented = rows.filter(({ section }) => section === "Fields of the form")
    expect(distinct(documented.map(({ label, stored }) => `${label}: ${stored}`)))
      .to.deep.equal(distinct(fields.map(({ label, name }) => `${label}: ${name}`)))
  })

  it("has every choice that does not depend on the instance, with its stored value, in the form's order", () => {
    const choices = distinctFields(fields).filter(({ name, options }) =>
      options !== undefined && !OF_THE_INSTANCE.includes(name))
    expect(choices).to.have.length(9)
    for (const { label, options } of choices) {
      expect(rows.filter(({ section }) => section === label).map((row) => `${row.label}: ${row.stored}`), label)
        .to.deep.equal((options ?? []).map((option) => `${option.label}: ${option.name}`))
    }
  })

  it("has the usual value of each of them first", () => {
    for (const { name, label, options, default: usual } of distinctFields(fresh)) {
      if (options !== undefined && !OF_THE_INSTANCE.includes(name)) {
        expect(rows.find(({ section }) => section === label)?.stored, name).to.equal(usual)
      }
    }
  })

  it("has the fixed entries of the choices that the instance has", () => {
    const entries = fields.flatMap(({ name, options }) => (options ?? [])
      .filter((option) => ["", "more"].includes(option.name))
      .map(({ label }) => `| \`${name}\` | \`${label.replace(/\d+/, "...")}\``))
    expect(distinct(entries)).to.have.length(3)
    for (const entry of entries) {
      expect(readDocument(DOCUMENT)).to.contain(entry)
    }
  })
})

function optionsOf(name: string, fields: AnyField[]): string[] {
  return (fields.find((field) => field.name === name)?.options ?? []).map((option) => option.name)
}

/** One field of each name: the last. */
function distinctFields(fields: AnyField[]): AnyField[] {
  return [...new Map(fields.map((field) => [field.name, field])).values()]
}

function distinct(texts: string[]): string[] {
  return [...new Set(texts)].sort()
}
