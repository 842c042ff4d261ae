import { expect } from "chai"
import * as fc from "fast-check"
import { FoundLead, LeadRecord } from "../../../../src/actions/marketo/lib/api/types"
import { effectSentences } from "../../../../src/actions/marketo/lib/blast_radius/effect_words"
import { FieldEffects } from "../../../../src/actions/marketo/lib/blast_radius/field_effects"
import { effectOf } from "../../../../src/actions/marketo/lib/blast_radius/value_effects"

function found(id: number, fields: LeadRecord): FoundLead {
  return { id, value: "", fields }
}

describe("FieldEffects", () => {
  it("does not count the field by which leads are found", () => {
    const effects = new FieldEffects("email")
    effects.updated({ email: "A@x.org", title: "T" }, found(1, { email: "a@x.org", title: "U" }))
    expect(effects.entries()).to.deep.equal([["title", { filled: 0, changed: 1, cleared: 0, created: 0 }]])
  })

  it("counts each lead in exactly one class of a field, by the last row that has a cell for it", () => {
    const value = fc.constantFrom<string | null>("A", "B", null)
    const record = fc.record({ a: value, b: value, c: value }, { requiredKeys: [] })
    const known = fc.array(fc.record({ a: value, b: value, c: value }), { minLength: 1, maxLength: 5 })
    const rows = fc.array(fc.tuple(fc.nat(7), record), { maxLength: 20 })
    fc.assert(fc.property(known, rows, (leads, sent) => {
      const effects = new FieldEffects("email")
      const last = new Map<number, LeadRecord>()
      for (const [person, cells] of sent) {
        last.set(person, { ...last.get(person), ...cells })
        if (person < leads.length) {
          effects.updated(cells, found(person + 1, leads[person]))
        } else {
          effects.created(cells, `new ${person}`)
        }
      }
      const updated = [...last].filter(([person]) => person < leads.length)
      expect(effects.existingLeads).to.equal(updated.length)
      expect(effects.newLeads).to.equal(last.size - updated.length)
      for (const [name, counts] of effects.entries()) {
        const wanted = { filled: 0, changed: 0, cleared: 0, created: 0, unchanged: 0 }
        for (const [person, cells] of last) {
          if (person >= leads.length) {
            wanted.created += typeof cells[name] === "string" ? 1 : 0
          } else if (!(name in cells)) {
            wanted.unchanged++
          } else {
            wanted[effectOf(cells[name], leads[person][name as "a"])]++
          }
        }
        const unchanged = effects.existingLeads - counts.filled - counts.changed - counts.cleared
        expect({ ...counts, unchanged }).to.deep.equal(wanted)
      }
    }), { numRuns: 300 })
  })

  it("remembers a bounded number of leads; rows of later ones count anew", () => {
    const effects = new FieldEffects("email", undefined, 1)
    for (const id of [1, 2, 2, 1]) {
      effects.updated({ title: null }, found(id, { title: "T" }))
    }
    expect(effects.entries()[0][1].cleared).to.equal(3)
  })
})

describe("effectSentences", () => {
  function effectsOf(fields: { [name: string]: [sent: unknown, found: unknown][] }): FieldEffects {
    const effects = new FieldEffects("email")
    Object.keys(fields).forEach((name) => {
      fields[name].forEach(([sent, present], id) => effects.updated({ [name]: sent }, found(id, { [name]: present })))
    })
    return effects
  }

  it("say what is cleared first, then what is changed, then what is filled", () => {
    expect(effectSentences(effectsOf({
      filled: [["a", null], ["a", null]], changed: [["a", "b"]], same: [["a", "a"]], cleared: [[null, "a"]],
    }))).to.deep.equal([
      "cleared would be cleared in 1 lead, unchanged in 1.", "changed would be changed in 1 lead, unchanged in 1.",
      "filled would be filled in 2 leads.", "No value would change in: same.",
    ])
  })

  it("are at most fourteen, however many fields there are", () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_unused, index) =>
      [`field${index}`, [["a", index < 50 ? "b" : "a"]]])) as { [name: string]: [unknown, unknown][] }
    const sentences = effectSentences(effectsOf(many))
    expect(sentences).to.have.length(14)
    expect(sentences[12]).to.match(/^In 38 more fields, 0 values would be cleared, 38 changed and 0 filled: field12, /)
      .and.match(/ and 18 more\.$/)
    expect(sentences.every((each) => each.length < 500)).to.equal(true)
  })

  it("are none when nothing was looked up", () => {
    expect(effectSentences(new FieldEffects("email"))).to.deep.equal([])
  })
})
