import { expect } from "chai"
import * as fc from "fast-check"
import { clearingSentence } from "../../../../src/actions/marketo/lib/blast_radius/clearing_words"
import { Clearing, FirstPeople } from "../../../../src/actions/marketo/lib/blast_radius/first_people"

describe("FirstPeople", () => {
  it("have enough after so many rows, or so many characters", () => {
    const byRows = new FirstPeople("email", 2)
    const byCharacters = new FirstPeople("email", 100, 50)
    for (const people of [byRows, byCharacters]) {
      people.add("a", "a", { email: "a", title: "x".repeat(20) })
      expect(people.isFull).to.equal(false)
      people.add("b", "b", { email: "b", title: "x".repeat(20) })
      expect(people.isFull).to.equal(true)
    }
  })

  it("are sparse in a field that is empty in more than the share of them, the lookup field aside", () => {
    const people = new FirstPeople("email")
    for (let person = 0; person < 10; person++) {
      people.add(`${person}`, `${person}`, {
        email: null, title: person < 3 ? null : "T", city: person < 4 ? "" : "C", ...(person < 2 ? { fax: null } : {}),
      })
    }
    expect(people.sparseFields(30)).to.deep.equal(["city"])
    expect(people.sparseFields(29)).to.deep.equal(["title", "city"])
    expect(people.sparseFields(0)).to.deep.equal(["title", "city", "fax"])
  })

  it("lose what the last of their rows clear of what they have in Marketo, exactly", () => {
    const cell = fc.constantFrom<string | null>("A", null)
    const rows = fc.array(fc.tuple(fc.nat(5), cell), { minLength: 1, maxLength: 20 })
    const inMarketo = fc.array(fc.array(fc.constantFrom<string | null>("B", null), { maxLength: 2 }), { maxLength: 6 })
    fc.assert(fc.property(rows, inMarketo, fc.nat(99), (sent, leads, percent) => {
      const people = new FirstPeople("email")
      const last = new Map<number, string | null>()
      for (const [person, title] of sent) {
        people.add(`${person}`, `${person}`, { title })
        last.set(person, title)
      }
      leads.forEach((titles, person) => people.found(`${person}`, titles.map((title, id) =>
        ({ id, value: "", fields: { title } }))))
      let all = 0
      let present = 0
      let cleared = 0
      last.forEach((title, person) => (leads[person] ?? []).forEach((old) => {
        all++
        present += old === null ? 0 : 1
        cleared += old !== null && title === null ? 1 : 0
      }))
      const empty = [...last.values()].filter((title) => title === null).length
      const isOver = empty / last.size > percent / 100 && cleared * 100 > present * percent
      expect(people.clearings(percent)).to.deep.equal(isOver ? [{ field: "title", people: all, present, cleared }] : [])
    }), { numRuns: 500 })
  })

  it("are forgotten when told so", () => {
    const people = new FirstPeople("email")
    people.add("a", "a", { title: null })
    people.forget()
    expect(people.entries()).to.deep.equal([])
  })
})

describe("clearingSentence", () => {
  function clearing(field: string): Clearing {
    return { field, people: 3000, present: 2911, cleared: 2874 }
  }

  it("says how many people have a value and would lose it", () => {
    expect(clearingSentence([clearing("jobTitle")]))
      .to.equal("jobTitle: 2,911 of the first 3,000 people have one, 2,874 would lose it.")
  })

  it("names three fields and counts the others", () => {
    expect(clearingSentence(["a", "b", "c", "d", "e"].map(clearing))).to.equal(
      "a: 2,911 of the first 3,000 people have one, 2,874 would lose it; b: 2,911 have one, 2,874 would lose it; " +
      "c: 2,911 have one, 2,874 would lose it; and 2 more.")
  })
})
