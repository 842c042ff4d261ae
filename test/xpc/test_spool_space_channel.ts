import { expect } from "chai"
import * as sinon from "sinon"

import { CountedSpoolSpace } from "../../src/hub/stream/spool_space"
import { SpoolSpaceClient } from "../../src/xpc/spool_space_client"
import { SpoolSpaceHost } from "../../src/xpc/spool_space_host"

describe("The space for spools, seen from execute processes", () => {
  let clock: sinon.SinonFakeTimers
  let space: CountedSpoolSpace

  beforeEach(() => {
    clock = sinon.useFakeTimers()
    space = new CountedSpoolSpace(2)
  })
  afterEach(() => clock.restore())

  /** One process: its end of the channel and the hub's. Messages take their time. */
  function process(): { client: SpoolSpaceClient, host: SpoolSpaceHost } {
    const client: SpoolSpaceClient = new SpoolSpaceClient((change) => setTimeout(() => host.receive(change), 5))
    const host: SpoolSpaceHost = new SpoolSpaceHost(space, () => setTimeout(() => client.receive(), 5))
    return { client, host }
  }

  function take(client: SpoolSpaceClient): { isTaken: boolean, withdraw: () => void } {
    const request = { isTaken: false, withdraw: () => undefined as void }
    request.withdraw = client.take(() => { request.isTaken = true })
    return request
  }

  it("is all for one process while the other idles", () => {
    const [one, other] = [process(), process()]
    const requests = [take(one.client), take(one.client), take(one.client)]
    clock.tick(20)
    expect(requests.map(({ isTaken }) => isTaken)).to.deep.equal([true, true, false])
    const late = take(other.client)
    clock.tick(20)
    expect(late.isTaken).to.equal(false)
    one.client.giveBack()
    one.client.giveBack()
    clock.tick(20)
    expect([requests[2].isTaken, late.isTaken]).to.deep.equal([true, true])
  })

  it("has a unit that nobody needs back after a second, and until then for the next spool at once", () => {
    const [one, other] = [process(), process()]
    const first = [take(one.client), take(one.client)]
    clock.tick(20)
    expect(first.every(({ isTaken }) => isTaken)).to.equal(true)
    one.client.giveBack()
    one.client.giveBack()
    expect(take(one.client).isTaken).to.equal(true)
    const waiting = take(other.client)
    clock.tick(900)
    expect(waiting.isTaken).to.equal(false)
    clock.tick(200)
    expect(waiting.isTaken).to.equal(true)
  })

  it("has back what a request that was withdrawn is given, and what a dead process had", () => {
    const [one, other] = [process(), process()]
    take(one.client)
    const withdrawn = take(one.client)
    withdrawn.withdraw()
    clock.tick(1100)
    expect(withdrawn.isTaken).to.equal(false)
    const requests = [take(other.client), take(other.client)]
    take(one.client)
    clock.tick(20)
    expect(requests.map(({ isTaken }) => isTaken)).to.deep.equal([true, false])
    one.host.close()
    clock.tick(20)
    expect(requests[1].isTaken).to.equal(true)
    other.host.close()
    const again = [take(other.client), take(other.client)]
    clock.tick(20)
    expect(again.map(({ isTaken }) => isTaken)).to.deep.equal([true, true])
  })
})
