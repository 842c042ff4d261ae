import { expect } from "chai"
import { MarketoClient } from "../../../../src/actions/marketo/lib/api/client"
import { FirstPeople } from "../../../../src/actions/marketo/lib/blast_radius/first_people"
import { LeadTaker, SeatBelt } from "../../../../src/actions/marketo/lib/delivery/seat_belt"
import { Lead } from "../../../../src/actions/marketo/lib/report/lead"
import { RunReport } from "../../../../src/actions/marketo/lib/report/run_report"
import { RunControl } from "../../../../src/actions/marketo/lib/stopping/run_control"
import { clientFor } from "../support/connect"
import { FakeMarketo, success } from "../support/fake_marketo"

const LEADS = /^\/rest\/v1\/leads\.json/

describe("SeatBelt", () => {
  let marketo: FakeMarketo
  let run: RunControl
  let report: RunReport
  let added: string[]
  let makeRoom: (() => void)[]
  let isFinished: boolean

  beforeEach(async () => {
    marketo = await FakeMarketo.start()
    run = new RunControl()
    report = new RunReport()
    added = []
    makeRoom = []
    isFinished = false
  })

  afterEach(async () => {
    run.stop({ category: "hub", readOn: false, message: "The test is over." })
    await marketo.stop()
  })

  /** Takes leads; each waits for room if so wished. */
  function delivery(hasRoom = true): LeadTaker {
    return {
      add: ({ lookupValue }: Lead): Promise<void> | undefined => {
        added.push(lookupValue)
        return hasRoom ? undefined : new Promise<void>((resolve) => { makeRoom.push(resolve) })
      },
      finish: async () => { isFinished = true },
    }
  }

  function beltFor(taker: LeadTaker, mostRows: number): SeatBelt {
    return new SeatBelt(taker, {
      client: clientFor(marketo.origin, run), run, report, people: new FirstPeople("email", mostRows),
      settings: { mode: "createOrUpdate", lookupField: "email", severalMatches: "skip", mostClearedPercent: 30 },
    })
  }

  function lead(name: string, title: string | null = "T"): Lead {
    report.rowReceived()
    return { lookupValue: name, record: { email: name, title }, rows: [report.rows.received] }
  }

  function inMarketo(...people: [email: string, title: string | null][]): void {
    marketo.always("GET", LEADS, success(people.map(([email, title], id) => ({ id: id + 1, email, title }))))
    marketo.always("POST", LEADS, success(people.map(([email, title], id) => ({ id: id + 1, email, title }))))
  }

  it("holds the first rows back, and hands them on in their order", async () => {
    const belt = beltFor(delivery(), 3)
    expect(belt.add(lead("a"))).to.equal(undefined)
    expect(belt.add(lead("b"))).to.equal(undefined)
    expect(added).to.deep.equal([])
    await belt.add(lead("c"))
    expect(added).to.deep.equal(["a", "b", "c"])
    expect(belt.add(lead("d"))).to.equal(undefined)
    expect(added).to.deep.equal(["a", "b", "c", "d"])
    expect(marketo.callsTo(LEADS)).to.deep.equal([])
  })

  it("decides at the end when there are fewer", async () => {
    const belt = beltFor(delivery(), 3)
    await belt.add(lead("a"))
    await belt.finish(1000)
    expect([added, isFinished]).to.deep.equal([["a"], true])
  })

  it("keeps the order on a hub that does not wait for it", async () => {
    const belt = beltFor(delivery(false), 2)
    for (const name of ["a", "b", "c", "d"]) {
      void belt.add(lead(name))
    }
    const end = belt.finish(1000)
    for (let turn = 0; turn < 4; turn++) {
      await new Promise((resolve) => { setImmediate(resolve) })
      makeRoom.shift()?.()
    }
    await end
    expect(added).to.deep.equal(["a", "b", "c", "d"])
  })

  it("reports every row that it holds when too much would be cleared, and those that come meanwhile", async () => {
    inMarketo(["a", "T"], ["b", "T"])
    const belt = beltFor(delivery(), 2)
    for (const name of ["a", "b", "c"]) {
      void belt.add(lead(name, null))
    }
    await belt.finish(1000)
    expect(added).to.deep.equal([])
    expect(report.rows).to.include({ received: 3, notSent: 3 })
    expect(report.runErrors[0]).to.include({ category: "query" })
    expect(run.stopReason?.readOn).to.equal(true)
  })

  it("reports what it holds when the run has ended meanwhile", async () => {
    const belt = beltFor(delivery(), 3)
    void belt.add(lead("a", null))
    run.stop({ category: "hub", readOn: false, message: "Enough." })
    await belt.finish(1000)
    expect(report.notSent.entries().map(([reason]) => reason)).to.deep.equal(["Enough."])
    expect(report.runErrors).to.deep.equal([])
    expect(isFinished).to.equal(true)
  })

  it("waits for no answer once the run has ended", async () => {
    const client = { leads: { find: async () => new Promise<never>(() => undefined) } } as unknown as MarketoClient
    const belt = new SeatBelt(delivery(), {
      client, run, report,
      settings: { mode: "createOrUpdate", lookupField: "email", severalMatches: "skip", mostClearedPercent: 30 },
    })
    void belt.add(lead("a", null))
    const end = belt.finish(1000)
    setImmediate(() => run.stop({ category: "hub", readOn: false, message: "Enough." }))
    await end
    expect(report.notSent.entries().map(([reason]) => reason)).to.deep.equal(["Enough."])
    expect([report.runErrors, added]).to.deep.equal([[], []])
  })

  it("asks for the columns alone that are nearly empty", async () => {
    inMarketo(["a", null])
    const belt = beltFor(delivery(), 1)
    await belt.add({ lookupValue: "a", record: { email: "a", title: null, city: "Bern" }, rows: [1] })
    expect(marketo.callsTo(LEADS)).to.have.length(1)
    expect(JSON.stringify(marketo.callsTo(LEADS)[0])).to.contain("id,email,updatedAt,title\"")
    expect(added).to.deep.equal(["a"])
  })

  it("lets nobody through after a fault of its own", async () => {
    const people = new FirstPeople("email", 1)
    people.sparseFields = () => { throw new Error("odd a@x.org") }
    const belt = new SeatBelt(delivery(), {
      client: clientFor(marketo.origin, run), run, report, people,
      settings: { mode: "createOrUpdate", lookupField: "email", severalMatches: "skip", mostClearedPercent: 30 },
    })
    await belt.add(lead("a"))
    expect(added).to.deep.equal([])
    expect(report.rows).to.include({ received: 1, notSent: 1 })
    expect(report.runErrors[0].message).not.to.contain("a@x.org")
  })
})
