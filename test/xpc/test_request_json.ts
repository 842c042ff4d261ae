import { expect } from "chai"
import * as fc from "fast-check"

import { ActionRequest } from "../../src/hub"
import { parseRequest } from "../../src/xpc/request_json"

describe("parseRequest", () => {

  function rebuilt(request: unknown): ActionRequest {
    return ActionRequest.fromIPC(parseRequest(JSON.stringify(request)))
  }

  it("gives back any bytes and everything beside them", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), fc.string(), (bytes, text) => {
      const request = new ActionRequest()
      request.formParams = { text, trap: "\"dataBuffer\":{\"type\":\"Buffer\",\"data\":[1,2]}" }
      request.attachment = { dataBuffer: Buffer.from(bytes), mime: text }
      request.webhookId = text
      const arrived = rebuilt(request)
      expect(arrived.attachment?.dataBuffer?.equals(bytes)).to.equal(true)
      arrived.attachment = request.attachment
      expect(arrived).to.deep.equal(request)
    }))
  })

  it("parses any other JSON as JSON.parse does", () => {
    fc.assert(fc.property(fc.json(), (json) => {
      expect(parseRequest(json)).to.deep.equal(JSON.parse(json))
    }))
  })

  it("leaves numbers alone that are no bytes, and a Buffer in another place", () => {
    for (const other of [
      { attachment: { dataBuffer: { type: "Buffer", data: [1, 256] } } },
      { attachment: { dataBuffer: { type: "Buffer", data: [1, -1] } } },
      { attachment: { dataBuffer: { type: "Buffer", data: [1.5] } } },
      { formParams: { dataBuffer: { type: "Buffer", data: [1, 2] } } },
      { formParams: { dataBuffer: { type: "Buffer", data: [1] } }, attachment: { mime: "text/csv" } },
    ]) {
      expect(parseRequest(JSON.stringify(other))).to.deep.equal(other)
    }
  })

  it("throws when it is not JSON", () => {
    for (const broken of ["", "{\"attachment\":{\"dataBuffer\":{\"type\":\"Buffer\",\"data\":[1,2]}"]) {
      expect(() => parseRequest(broken)).to.throw(SyntaxError)
    }
  })

})
