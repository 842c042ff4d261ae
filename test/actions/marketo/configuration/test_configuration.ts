import * as chai from "chai"
import { isLoopback } from "../../../../src/actions/marketo/lib/configuration/allowed_hosts"
import {
  formShare, paceFor, readConfiguration, shareOfProcess,
} from "../../../../src/actions/marketo/lib/configuration/configuration"
import { MARKETO_PACE } from "../../../../src/actions/marketo/lib/configuration/limits"

const expect = chai.expect

describe("configuration of the Marketo action", () => {

  describe("without variables", () => {
    const configuration = readConfiguration({})

    it("takes half of Marketo's limits, as Marketo advises", () => {
      expect(configuration.share.callsPerWindow).to.equal(50)
      expect(configuration.share.concurrentCalls).to.equal(5)
    })

    it("sets no daily allowance", () => {
      expect(configuration.share.dailyAllowance).to.equal(undefined)
    })

    it("runs in real time and allows no further hosts", () => {
      expect(configuration.sandboxSpeed).to.equal(1)
      expect(configuration.allowedHosts).to.deep.equal([])
    })

    it("has no problems", () => {
      expect(configuration.problems).to.deep.equal([])
    })
  })

  it("reads the share", () => {
    const { share } = readConfiguration({ MARKETO_CALLS_PER_20_SECONDS: "80", MARKETO_CONCURRENT_CALLS: " 8 " })
    expect([share.callsPerWindow, share.concurrentCalls]).to.deep.equal([80, 8])
  })

  it("takes blank variables for absent", () => {
    const { share, problems } = readConfiguration({ MARKETO_CONCURRENT_CALLS: " ", MARKETO_DAILY_QUOTA: "" })
    expect([share.concurrentCalls, share.dailyAllowance, problems]).to.deep.equal([5, undefined, []])
  })

  for (const value of ["0", "-1", "1.5", "many", "1e3", "101"]) {
    it(`names a variable that is ${value}, and takes its default`, () => {
      const { share, problems } = readConfiguration({ MARKETO_CONCURRENT_CALLS: value })
      expect(share.concurrentCalls).to.equal(5)
      expect(problems).to.have.length(1)
      expect(problems[0]).to.contain("MARKETO_CONCURRENT_CALLS").and.contain(value).and.contain("1 to 100")
    })
  }

  it("leaves the reserve of the day's calls to others", () => {
    expect(readConfiguration({ MARKETO_DAILY_RESERVE: "10000" }).share.dailyAllowance).to.equal(40000)
    expect(readConfiguration({ MARKETO_DAILY_QUOTA: "20000", MARKETO_DAILY_RESERVE: "5000" }).share.dailyAllowance)
      .to.equal(15000)
    expect(readConfiguration({ MARKETO_DAILY_QUOTA: "20000" }).share.dailyAllowance).to.equal(20000)
  })

  it("names a reserve that leaves nothing", () => {
    const { problems } = readConfiguration({ MARKETO_DAILY_QUOTA: "100", MARKETO_DAILY_RESERVE: "100" })
    expect(problems[0]).to.contain("MARKETO_DAILY_RESERVE")
  })

  it("reads hosts in lower case, without blanks", () => {
    expect(readConfiguration({ MARKETO_ALLOWED_HOSTS: " Proxy.Example.com, ,b.example " }).allowedHosts)
      .to.deep.equal(["proxy.example.com", "b.example"])
  })

  it("reads hosts as a URL names them, with the port when there is one", () => {
    const MARKETO_ALLOWED_HOSTS = "LOCALHOST:9180,127.1,[::1]:80,[0:0:0:0:0:0:0:1],b\u00fccher.example,proxy:443"
    expect(readConfiguration({ MARKETO_ALLOWED_HOSTS }).allowedHosts).to.deep.equal(
      ["localhost:9180", "127.0.0.1", "[::1]:80", "[::1]", "xn--bcher-kva.example", "proxy:443"])
  })

  for (const entry of ["https://proxy.example.com", "proxy.example.com/rest", "*.example.com", "::1", "proxy:https",
    "user@proxy", "proxy one", "proxy:99999", "[::1"]) {
    it(`names ${entry} as what is no host, and allows nothing for it`, () => {
      const { allowedHosts, problems } = readConfiguration({ MARKETO_ALLOWED_HOSTS: `a.example, ${entry}` })
      expect(allowedHosts).to.deep.equal(["a.example"])
      expect(problems).to.have.length(1)
      expect(problems[0]).to.contain("MARKETO_ALLOWED_HOSTS").and.contain(entry).and.contain("host:port")
    })
  }

  describe("shareOfProcess, on a hub whose processes cannot agree", () => {
    function shareOf(environment: { [name: string]: string }) {
      return shareOfProcess(readConfiguration(environment))
    }

    it("leaves the share of the hub whole", () => {
      expect(readConfiguration({ ACTION_HUB_EXECUTE_PROCESS_COUNT: "2" }).share.callsPerWindow).to.equal(50)
    })

    it("gives each an equal part, so that together they stay within the share", () => {
      const share = shareOf({ ACTION_HUB_EXECUTE_PROCESS_COUNT: "2" })
      expect([share.callsPerWindow, share.concurrentCalls]).to.deep.equal([25, 2])
    })

    it("leaves each at least one call", () => {
      const share = shareOf({ ACTION_HUB_EXECUTE_PROCESS_COUNT: "100" })
      expect([share.callsPerWindow, share.concurrentCalls]).to.deep.equal([1, 1])
    })

    it("does not divide when the hub does not fork", () => {
      const share = shareOf({ ACTION_HUB_EXECUTE_PROCESS_COUNT: "2", ACTION_HUB_ENABLE_FORKING: "false" })
      expect(share.callsPerWindow).to.equal(50)
    })
  })

  describe("pace", () => {
    const fast = readConfiguration({ MARKETO_SANDBOX_SPEED: "100" })

    it("is Marketo's own for an instance, whatever the sandbox's speed", () => {
      expect(paceFor("123-abc-456.mktorest.com", fast)).to.deep.equal(MARKETO_PACE)
    })

    it("is Marketo's own on this machine when no speed is set", () => {
      expect(paceFor("localhost", readConfiguration({}))).to.deep.equal(MARKETO_PACE)
    })

    it("is faster for a stand-in on this machine", () => {
      expect(paceFor("127.0.0.1", fast).rateWindowMs).to.equal(200)
    })

    it("waits longer for a sync's answer than Marketo works on it", () => {
      expect(MARKETO_PACE.syncAnswerTimeoutMs).to.be.greaterThan(MARKETO_PACE.syncServerTimeoutMs)
    })
  })

  describe("this very machine", () => {
    for (const host of ["localhost", "127.0.0.1", "127.1.2.3", "[::1]", "::1"]) {
      it(`is ${host}`, () => {
        expect(isLoopback(host)).to.equal(true)
      })
    }

    for (const host of ["localhost.example.com", "127.0.0.1.example.com", "10.0.0.1", "0.0.0.0", "", "128.0.0.1"]) {
      it(`is not ${JSON.stringify(host)}`, () => {
        expect(isLoopback(host)).to.equal(false)
      })
    }
  })

  describe("forms", () => {
    const shareOf = (callsPerWindow: number, concurrentCalls: number) => formShare({ callsPerWindow, concurrentCalls })

    it("have a share beside that of runs, and both stay within what Marketo takes", () => {
      expect(shareOf(50, 5)).to.include({ callsPerWindow: 40, concurrentCalls: 2 })
      expect(shareOf(75, 9)).to.include({ callsPerWindow: 25, concurrentCalls: 1 })
    })

    it("have a little even when the runs were given everything, and never more than the runs", () => {
      expect(shareOf(100, 10)).to.include({ callsPerWindow: 10, concurrentCalls: 1 })
      expect(shareOf(2, 1)).to.include({ callsPerWindow: 1, concurrentCalls: 1 })
    })
  })
})
