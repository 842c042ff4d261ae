import { expect } from "chai"
import * as Hub from "../../src/hub"

class NamedAction extends Hub.Action {

  label = ""
  description = ""
  supportedActionTypes = [Hub.ActionType.Query]
  params = []

  constructor(public name: string, minimumSupportedLookerVersion?: string) {
    super()
    if (minimumSupportedLookerVersion) {
      this.minimumSupportedLookerVersion = minimumSupportedLookerVersion
    }
  }

}

describe("the registry of actions", () => {
  let registered: Hub.Action[]
  let whitelist: string | undefined

  beforeEach(() => {
    registered = Hub.actions.splice(0)
    whitelist = process.env.ACTION_WHITELIST
    delete process.env.ACTION_WHITELIST
    for (const action of [new NamedAction("a"), new NamedAction("b", "6.2.0"), new NamedAction("c", "22.4.0")]) {
      Hub.addAction(action)
    }
  })

  afterEach(() => {
    Hub.actions.splice(0, Hub.actions.length, ...registered)
    if (whitelist === undefined) {
      delete process.env.ACTION_WHITELIST
    } else {
      process.env.ACTION_WHITELIST = whitelist
    }
  })

  const namesOf = async (opts?: { lookerVersion?: string | null }) => {
    return (await Hub.allActions(opts)).map((action) => action.name)
  }

  it("gives every action to a Looker of unknown version, in the order of registration", async () => {
    expect(await namesOf()).to.deep.equal(["a", "b", "c"])
    expect(await namesOf({})).to.deep.equal(["a", "b", "c"])
    expect(await namesOf({ lookerVersion: null })).to.deep.equal(["a", "b", "c"])
  })

  const offered: [string, string[]][] = [
    ["5.4.0", []],
    ["5.5.0", ["a"]],
    ["6.2.0", ["a", "b"]],
    ["22.4.0-beta", ["a", "b"]],
    ["24.0.1", ["a", "b", "c"]],
  ]
  for (const [lookerVersion, names] of offered) {
    it(`offers ${names.join(", ") || "nothing"} to Looker ${lookerVersion}`, async () => {
      expect(await namesOf({ lookerVersion })).to.deep.equal(names)
    })
  }

  it("offers only what the whitelist names, by exact name, spaces around it aside", async () => {
    process.env.ACTION_WHITELIST = " c , a,A"
    expect(await namesOf()).to.deep.equal(["a", "c"])
  })

  it("takes an empty whitelist for none", async () => {
    process.env.ACTION_WHITELIST = ""
    expect(await namesOf()).to.deep.equal(["a", "b", "c"])
  })

  it("finds an action by its name, the first of several", async () => {
    Hub.addAction(new NamedAction("a"))
    expect(await Hub.findAction("a")).to.equal(Hub.actions[0])
  })

  it("throws a text for a name that is not there, not on the whitelist, or not for that version", async () => {
    const reasonFor = async (id: string, opts?: { lookerVersion?: string }): Promise<unknown> => {
      return Hub.findAction(id, opts).then(() => expect.fail("found"), (reason: unknown) => reason)
    }
    expect(await reasonFor("z")).to.equal("No action found with name z.")
    expect(await reasonFor("c", { lookerVersion: "6.2.0" })).to.equal("No action found with name c.")
    process.env.ACTION_WHITELIST = "a"
    expect(await reasonFor("b")).to.equal("No action found with name b.")
  })

  it("finds an extended action, and null for one that is not", async () => {
    Hub.actions[1].extendedAction = true
    expect(await Hub.findExtendedAction("b")).to.equal(Hub.actions[1])
    expect(await Hub.findExtendedAction("a")).to.equal(null)
  })
})
