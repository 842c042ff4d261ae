import { expect } from "chai"
import { NamedTarget } from "../../../../src/actions/marketo/lib/form/named_targets"
import {
  exactFirst, matching, newestFirst, optionLabel, optionName,
} from "../../../../src/actions/marketo/lib/form/target_names"

function list(id: string, name: string, place = "", changedAt = 0): NamedTarget {
  return { kind: "list", id, name, place, changedAt }
}

function ids(targets: NamedTarget[]): string[] {
  return targets.map((target) => target.id)
}

describe("Names of targets", () => {
  it("are shown with their place and id, and stored with their kind", () => {
    expect(optionLabel(list("7", "News", "Spring"))).to.equal("News (Spring), ID 7")
    expect(optionLabel(list("7", "News"))).to.equal("News, ID 7")
    expect(optionName(list("7", "News"))).to.equal("list:7")
  })

  it("come newest first, and by falling id when changed at the same time", () => {
    const targets = [list("9", "a", "", 5), list("10", "b", "", 5), list("1", "c", "", 8), list("2", "d")]
    expect(ids(newestFirst(targets))).to.deep.equal(["1", "10", "9", "2"])
    expect(ids(targets)).to.deep.equal(["9", "10", "1", "2"])
  })

  it("match a filter with all of its words, in name, place or id, whatever their case", () => {
    const targets = [list("1", "Spring News", "Mail"), list("2", "News", "Events"), list("31", "Other")]
    expect(ids(matching(targets, "news"))).to.deep.equal(["1", "2"])
    expect(ids(matching(targets, " NEWS  spring "))).to.deep.equal(["1"])
    expect(ids(matching(targets, "events"))).to.deep.equal(["2"])
    expect(ids(matching(targets, "31"))).to.deep.equal(["31"])
    expect(ids(matching(targets, "absent"))).to.deep.equal([])
    expect(matching(targets, "  ")).to.have.length(3)
  })

  it("that are the filter itself go before longer ones", () => {
    expect(ids(exactFirst([list("1", "News 2"), list("2", "news"), list("3", "News 3")], "News ")))
      .to.deep.equal(["2", "1", "3"])
  })
})
