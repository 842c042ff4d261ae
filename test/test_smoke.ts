import { expect } from "chai"
import * as semver from "semver"
import "../src/actions/index"
import { DebugAction } from "../src/actions/debug/debug"
import { QueueTestAction } from "../src/actions/queueaction/queue_action_for_testing"
import * as Hub from "../src/hub"
import { router } from "./support/run_action"

const named = (action: Hub.Action) => `the action ${action.name}`
const always = [new DebugAction(), new QueueTestAction()]
const registered = Hub.actions.filter((action) => always.every((other) => other.name !== action.name))

describe("the index of actions", () => {
  it("registers the Marketo action", () => {
    expect(registered.map((action) => action.name)).to.include("marketo")
  })

  it("registers no two actions under one name", () => {
    const names = Hub.actions.map((action) => action.name)
    expect(new Set(names).size).to.equal(names.length)
  })
})

for (const action of [...registered, ...always]) {
  describe(named(action), () => {
    const definition = action.asJson(router, new Hub.ActionRequest()) as { [key: string]: unknown }

    it("can be executed", () => {
      expect(action).to.respondTo("execute")
    })

    it("has a name that fits into an address as it is, and a label", () => {
      expect(encodeURIComponent(action.name)).to.equal(action.name)
      expect(action.label).to.be.a("string").and.not.equal("")
    })

    it("has a definition with an address", () => {
      expect(definition.url).to.be.a("string").and.not.equal("")
    })

    it("has a definition that JSON carries unchanged", () => {
      expect(JSON.parse(JSON.stringify(definition))).to.deep.equal(
        Object.fromEntries(Object.entries(definition).filter(([, value]) => value !== undefined)))
    })

    it("supports one or more types of request, all of them known", () => {
      expect(action.supportedActionTypes).to.be.an("array").and.not.deep.equal([])
      expect(Object.values(Hub.ActionType)).to.include.members(action.supportedActionTypes)
    })

    it("needs a Looker of some valid version", () => {
      expect(semver.valid(action.minimumSupportedLookerVersion)).to.equal(action.minimumSupportedLookerVersion)
    })

    it("has the icon that it names", () => {
      expect(action.getImageDataUri() !== null).to.equal(action.iconName !== undefined)
    })

    it("describes its settings completely, each name once", () => {
      for (const param of action.params) {
        expect(param.name).to.be.a("string").and.not.equal("")
        expect(param.label).to.be.a("string").and.not.equal("")
        expect(param.required).to.be.a("boolean")
        expect(param.sensitive).to.be.a("boolean")
      }
      expect(new Set(action.params.map((param) => param.name)).size).to.equal(action.params.length)
    })

    it("refuses a request without a type", async () => {
      const reason: unknown = await action.validateAndExecute(new Hub.ActionRequest())
        .then(() => expect.fail("it resolved"), (caught: unknown) => caught)
      expect(reason).to.be.a("string").and.match(/^No request type specified\./)
    })
  })
}
