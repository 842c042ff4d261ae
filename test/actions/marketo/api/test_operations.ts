import { expect } from "chai"
import { Operation, OPERATIONS } from "../../../../src/actions/marketo/lib/api/operations"
import { failureOf } from "../support/failure_of"

/** Marketo asks no permission for the figures of its own use. */
const FREE = ["read usage"]

describe("OPERATIONS", () => {
  const all: Operation[] = Object.keys(OPERATIONS).map((key) => OPERATIONS[key as keyof typeof OPERATIONS])

  it("names a permission for every operation that wants one", () => {
    expect(all.filter(({ permission }) => permission === undefined).map(({ name }) => name)).to.deep.equal(FREE)
  })

  it("names every operation differently", () => {
    expect(new Set(all.map(({ name }) => name)).size).to.equal(all.length)
  })

  it("repeats what may create leads, lists or campaign runs only if it was not executed", () => {
    expect(all.filter(({ repetition }) => repetition === "ifNotExecuted").map(({ name }) => name))
      .to.deep.equal(["sync leads", "create list", "request campaign", "import leads"])
  })

  it("has its permission named when Marketo denies access", () => {
    const body = { success: false, errors: [{ code: "603", message: "Access denied" }] }
    const reply = { kind: "answer" as const, status: 200, body }
    expect(failureOf(reply, OPERATIONS.requestCampaign.permission).message).to.equal("Access denied. The role " +
      "of the API user lacks the permission Execute Campaign, or this hub's address is not on the instance's IP " +
      "allow list. Ask your Marketo administrator to add what is missing.")
    expect(failureOf(reply).message).to.contain("lacks a permission (Read-Write Lead, Execute Campaign, " +
      "Read-Only Campaign and Read-Only Assets are needed)")
    expect(failureOf(reply).said).to.equal("Access denied")
  })
})
