/* eslint-disable @typescript-eslint/no-unsafe-assignment -- That actions may do so is what is tested. */
import { expect } from "chai"
import * as Hub from "../../src/hub"

/** A request as some upstream actions extend it: without a name of its own for the data. */
class NamelessRequest extends Hub.ActionRequest {
  suggestedFilename() {
    return null
  }
}

describe("file names of requests", () => {
  it("may be missing in a subclass", () => {
    expect(new NamelessRequest().suggestedFilename()).to.equal(null)
  })

  it("may be assigned to a plain text", () => {
    const request = new Hub.ActionRequest()
    request.formParams = { filename: "orders.csv" }
    const completed: string = request.completeFilename()
    const suggested: string = request.suggestedFilename()
    expect(completed).to.equal("orders.csv")
    expect(suggested).to.be.a("string")
  })
})
