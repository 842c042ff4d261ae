import { expect } from "chai"
import { MarketoCall, MarketoCaller } from "../../../../src/actions/marketo/lib/api/caller"
import { MarketoCatalog } from "../../../../src/actions/marketo/lib/api/catalog"
import { MarketoClient } from "../../../../src/actions/marketo/lib/api/client"
import { errorFromReply } from "../../../../src/actions/marketo/lib/api/error_from_reply"
import { permissionFor } from "../../../../src/actions/marketo/lib/api/permissions"

/** Takes note of the calls' operations, and sends nothing. */
class OperationLog {
  readonly operations: string[] = []
  readonly connection = { pace: {} }

  async send(call: MarketoCall): Promise<object> {
    this.operations.push(call.operation)
    throw new Error(call.operation)
  }
}

describe("Permissions for calls", () => {
  it("are known for every call that wants one", async () => {
    const log = new OperationLog()
    const client = new MarketoClient(log as unknown as MarketoCaller)
    const catalog = new MarketoCatalog(log as unknown as MarketoCaller)
    await Promise.allSettled([
      client.syncLeads({ mode: "createOrUpdate", lookupField: "email", leads: [] }), client.addToList("1", [1]),
      client.removeFromList("1", [1]), client.requestCampaign("1", [1]), client.setProgramStatus("1", "x", [1]),
      client.removeFromProgram("1", [1]), client.eachListMember("1", () => undefined), client.staticListsByName("x"),
      client.foldersByName("x"), client.createStaticList("x", 1), client.leadsByFilter("email", ["x"]),
      client.staticListsById(["1"]), client.campaignsById(["1"], true), client.programById("1"),
      client.channelStatuses("x"), client.describeLeads(), client.soapNames(),
      ...(["list", "campaign", "program"] as const).flatMap((kind) => [
        catalog.eachTarget(kind, () => undefined), catalog.targetsById(kind, ["1"]), catalog.targetsByName(kind, "x"),
      ]),
      client.partitions(),
    ])
    expect(log.operations).to.have.length(27)
    expect(log.operations.filter((operation) => permissionFor(operation) === undefined)).to.deep.equal([])
  })

  it("are named when Marketo denies access", () => {
    const body = { success: false, errors: [{ code: "603", message: "Access denied" }] }
    const reply = { kind: "answer" as const, status: 200, body }
    expect(errorFromReply(reply, permissionFor("request campaign"))?.message).to.equal("Access denied. The API user " +
      "of this Marketo service lacks the permission Execute Campaign, or this hub's address is not on the instance's " +
      "IP allow list. Ask your Marketo administrator.")
    expect(errorFromReply(reply)?.message).to.contain("lacks a permission (Read-Write Lead, ")
    expect(errorFromReply(reply)?.said).to.equal("Access denied")
  })
})
