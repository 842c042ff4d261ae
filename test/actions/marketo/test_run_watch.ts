import * as chai from "chai"
import { MarketoError } from "../../../src/actions/marketo/lib/errors"
import { ParkedCalls } from "../../../src/actions/marketo/lib/run_watch"

const expect = chai.expect

describe("calls that wait, in the progress line", () => {
  const unsent = new MarketoError("unavailable", "Marketo could not be reached at m: no route leads there.", {
    origin: "network", unsent: "passing",
  })

  it("are told apart by what they wait for", () => {
    const parked = new ParkedCalls()
    parked.note(true, new MarketoError("throttled", "Busy."))
    parked.note(true, new MarketoError("unavailable", "HTTP 502."))
    parked.note(true, unsent)
    parked.note(true, unsent)
    expect([parked.forRoom, parked.forMarketo, parked.forNetwork]).to.deep.equal([1, 1, 2])
  })

  it("say why they could not be sent, as long as one waits for that", () => {
    const parked = new ParkedCalls()
    expect(parked.networkObstacle).to.equal("")
    parked.note(true, unsent)
    expect(parked.networkObstacle).to.equal(unsent.message)
    parked.note(false, unsent)
    expect([parked.forNetwork, parked.networkObstacle]).to.deep.equal([0, ""])
  })
})
