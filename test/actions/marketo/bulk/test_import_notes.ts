import { expect } from "chai"
import { ImportNotes } from "../../../../src/actions/marketo/lib/bulk/import_notes"

describe("ImportNotes", () => {
  it("name imports in Marketo's order, whichever ended first, and none that may be another's", () => {
    const notes = new ImportNotes()
    expect([notes.hasTaken, notes.sentences()]).to.deep.equal([false, []])
    for (const id of ["1006", "999", "1003"]) {
      notes.taken(id)
    }
    expect(notes.sentences()).to.deep.equal(["Marketo took 3 files (import 999, 1003, 1006)."])
  })

  it("name no more imports than a person reads", () => {
    const notes = new ImportNotes()
    for (let id = 1; id <= 23; id++) {
      notes.taken(String(id))
    }
    expect(notes.sentences()[0]).to.match(/^Marketo took 23 files \(import 1, 2, .*, 20 and 3 more\)\.$/)
  })

  it("say each reason for a refusal once, with the number of files", () => {
    const notes = new ImportNotes()
    notes.refused("it was too large")
    notes.refused("too many imports are in progress, code 1016")
    notes.refused("too many imports are in progress, code 1016")
    expect(notes.sentences()).to.deep.equal([
      "Marketo did not take a file (it was too large), so its leads went by calls.",
      "Marketo did not take 2 files (too many imports are in progress, code 1016), so their leads went by calls.",
    ])
  })
})
