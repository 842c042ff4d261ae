import { expect } from "chai"
import * as sinon from "sinon"

import { readSettings } from "../../src/hub/settings"
import { executionSettings } from "../../src/xpc/execution_settings"
import { ResponseWatch } from "../../src/xpc/response_watch"

describe("ResponseWatch", () => {

  const settings = {
    ...readSettings(executionSettings, {}),
    unresponsiveMs: 5000,
    unresponsiveLimitMs: 20000,
  }
  let clock: sinon.SinonFakeTimers
  let answering: boolean
  let watch: ResponseWatch
  const onSilent = sinon.spy()
  const onSilentTooLong = sinon.spy()

  beforeEach(() => {
    clock = sinon.useFakeTimers()
    answering = true
    onSilent.resetHistory()
    onSilentTooLong.resetHistory()
    watch = new ResponseWatch(settings, {
      ping: async () => answering ? Promise.resolve() : new Promise(() => undefined),
      onSilent,
      onSilentTooLong,
    })
  })

  afterEach(() => {
    watch.close()
    clock.restore()
  })

  it("has nothing to say about a process that answers", async () => {
    watch.isNeeded = true
    await clock.tickAsync(60000)
    expect(onSilent).to.have.property("called", false)
  })

  it("tells of silence after the first limit, and again after the last", async () => {
    watch.isNeeded = true
    await clock.tickAsync(1000)
    answering = false
    await clock.tickAsync(5500)
    expect(onSilent.called).to.equal(false)
    await clock.tickAsync(1000)
    expect(onSilent.firstCall.args).to.deep.equal([5000])
    expect(onSilentTooLong.called).to.equal(false)
    await clock.tickAsync(15000)
    expect(onSilentTooLong.args).to.deep.equal([[20000]])
  })

  it("does not count the time in which this process itself stood still", async () => {
    watch.isNeeded = true
    answering = false
    await clock.tickAsync(2000)
    clock.setSystemTime(Date.now() + 3600000)
    await clock.tickAsync(2000)
    expect(onSilent.called).to.equal(false)
  })

  it("asks nothing while it is not needed", async () => {
    watch.isNeeded = true
    watch.isNeeded = false
    answering = false
    await clock.tickAsync(60000)
    expect(onSilent.called).to.equal(false)
  })

  it("lets those go who wait for an answer when waiting is given up", async () => {
    answering = false
    const waiting = watch.answers()
    watch.giveUpWaiting()
    expect(await waiting).to.equal(false)
  })

})
