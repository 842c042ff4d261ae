import * as chai from "chai"
import { AccessToken } from "../../../../src/actions/marketo/lib/api/access_token"
import { MarketoError, RunStoppedError } from "../../../../src/actions/marketo/lib/errors"
import { RunControl } from "../../../../src/actions/marketo/lib/stopping/run_control"
import { CLIENT_ID, CLIENT_SECRET } from "../support/build_request"
import { rejectionOf, TINY_PACE } from "../support/connect"
import { FakeMarketo } from "../support/fake_marketo"

const expect = chai.expect

describe("access token", () => {
  let marketo: FakeMarketo
  let run: RunControl
  let now: number
  let token: AccessToken

  beforeEach(async () => {
    marketo = await FakeMarketo.start()
    run = new RunControl()
    now = 1000000
    token = new AccessToken(
      { origin: marketo.origin, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET }, TINY_PACE, () => now)
  })

  afterEach(async () => { await marketo.stop() })

  describe("first use", () => {
    it("asks identity with the credentials in the body, not in the URL", async () => {
      expect((await token.current(run)).text).to.equal("fake-token-1")
      const [call] = marketo.identityCalls
      expect([call.method, call.url]).to.deep.equal(["POST", "/identity/oauth/token"])
      expect(call.form).to.deep.equal({
        grant_type: "client_credentials", client_id: CLIENT_ID, client_secret: CLIENT_SECRET,
      })
    })

    it("tells the API user", async () => {
      expect((await token.current(run)).scope).to.equal("api@example.com")
    })

    it("asks once for all who wait", async () => {
      const tokens = await Promise.all([1, 2, 3, 4, 5].map(async () => token.current(new RunControl())))
      expect(tokens.map((each) => each.text)).to.deep.equal(new Array(5).fill("fake-token-1"))
      expect(marketo.identityCalls).to.have.length(1)
    })

    it("keeps a secret with special characters as it is", async () => {
      const odd = new AccessToken(
        { origin: marketo.origin, clientId: "a b", clientSecret: "p&q=ü+%" }, TINY_PACE, () => now)
      await odd.current(run)
      expect(marketo.identityCalls[0].form.client_secret).to.equal("p&q=ü+%")
    })
  })

  describe("later uses", () => {
    it("take the same token while it lives", async () => {
      await token.current(run)
      now += 3600000 - TINY_PACE.tokenMarginMs - 1
      await token.current(run)
      expect(marketo.identityCalls).to.have.length(1)
    })

    it("renew it a minute before it expires", async () => {
      await token.current(run)
      marketo.token = "fake-token-2"
      now += 3600000 - TINY_PACE.tokenMarginMs
      expect((await token.current(run)).text).to.equal("fake-token-2")
      expect(marketo.identityCalls).to.have.length(2)
    })

    it("take a token with few seconds left for half of them, since identity gives no other", async () => {
      marketo.expiresIn = 30
      await token.current(run)
      now += 14999
      await token.current(run)
      expect(marketo.identityCalls).to.have.length(1)
      now += 1
      await token.current(run)
      expect(marketo.identityCalls).to.have.length(2)
    })

    it("renew once for all who find it old", async () => {
      await token.current(run)
      now += 3600000
      await Promise.all([token.current(run), token.current(run), token.current(run)])
      expect(marketo.identityCalls).to.have.length(2)
    })
  })

  describe("a token without life", () => {
    it("is asked for again", async () => {
      marketo.answerIdentity({ json: { access_token: "dead", expires_in: 0, scope: "s" } })
      expect((await token.current(run)).text).to.equal("fake-token-1")
      expect(marketo.identityCalls).to.have.length(2)
    })

    it("is given up after some attempts", async () => {
      marketo.expiresIn = 0
      const error = await rejectionOf(token.current(run))
      expect([error.kind, marketo.identityCalls.length]).to.deep.equal(["unavailable", 4])
    })

    it("is also one that does not tell its life", async () => {
      marketo.answerIdentity({ json: { access_token: "odd" } })
      expect((await token.current(run)).text).to.equal("fake-token-1")
    })
  })

  describe("a refused token", () => {
    it("is replaced", async () => {
      const refused = await token.current(run)
      marketo.token = "fake-token-2"
      expect((await token.replace(refused.text, run)).text).to.equal("fake-token-2")
    })

    it("is replaced once for all calls that it failed", async () => {
      const refused = await token.current(run)
      marketo.token = "fake-token-2"
      const tokens = await Promise.all([1, 2, 3].map(async () => token.replace(refused.text, run)))
      expect(tokens.map((each) => each.text)).to.deep.equal(new Array(3).fill("fake-token-2"))
      expect(marketo.identityCalls).to.have.length(2)
    })

    it("is not replaced when a newer one is held already", async () => {
      const refused = await token.current(run)
      marketo.token = "fake-token-2"
      await token.replace(refused.text, run)
      marketo.token = "fake-token-3"
      expect((await token.replace(refused.text, run)).text).to.equal("fake-token-2")
      expect(marketo.identityCalls).to.have.length(2)
    })
  })

  describe("failures", () => {
    for (const status of [400, 401]) {
      it(`${status} is a matter of the credentials, and is not asked again`, async () => {
        marketo.answerIdentity({ status, json: { error: "invalid_client", error_description: "Bad client" } })
        const error = await rejectionOf(token.current(run))
        expect(error).to.be.instanceOf(MarketoError)
        expect(error.kind).to.equal("auth")
        expect(error.message).to.contain("does not accept the Client ID and Client Secret")
        expect(error.message).to.contain("LaunchPoint")
        expect(marketo.identityCalls).to.have.length(1)
      })
    }

    const REFUSALS: [error: string, description: string, message: RegExp][] = [
      ["unauthorized", "No client with requested id: 8a2f6c1e", new RegExp("^Marketo at .* does not know the Client " +
        "ID of the action's settings\\. Copy the Client ID anew .* LaunchPoint .* is that of the same instance\\.$")],
      ["invalid_client", "Bad client credentials", new RegExp("^Marketo at .* knows the Client ID .*, but does not " +
        "accept the Client Secret with it\\. Copy the Client Secret anew .* LaunchPoint in Marketo\\.$")],
      ["unauthorized", "Bad client credentials", /does not accept the Client Secret with it\./],
      ["unauthorized", "", /does not accept the Client ID and Client Secret .*\. Compare them with .* LaunchPoint/],
    ]
    for (const [error, description, message] of REFUSALS) {
      it(`${error} with "${description}" says which of the two is wrong, as far as Marketo does`, async () => {
        marketo.answerIdentity({ status: 401, json: { error, error_description: description } })
        expect((await rejectionOf(token.current(run))).message).to.match(message)
      })
    }

    it("401 without JSON is as well", async () => {
      marketo.answerIdentity({ status: 401, text: "<html></html>" })
      expect((await rejectionOf(token.current(run))).kind).to.equal("auth")
    })

    it("a passing one is overcome", async () => {
      marketo.answerIdentity({ status: 503, text: "" }, { reset: true }, { text: "<html>" })
      expect((await token.current(run)).text).to.equal("fake-token-1")
      expect(marketo.identityCalls).to.have.length(4)
    })

    it("a lasting one is told after four attempts", async () => {
      const down = { status: 502, text: "Bad gateway" }
      marketo.answerIdentity(down, down, down, down)
      const error = await rejectionOf(token.current(run))
      expect([error.kind, marketo.identityCalls.length]).to.deep.equal(["unavailable", 4])
      expect(error.message).to.contain("HTTP 502")
    })

    for (const status of [302, 403, 404, 407]) {
      it(`${status}: somebody else answered, which is told at once, and is no refusal of Marketo's`, async () => {
        marketo.answerIdentity({ status, text: "Not found" })
        const error = await rejectionOf(token.current(run))
        expect([error.kind, error.origin]).to.deep.equal(["unavailable", "between"])
        expect(error.message).to.contain("Check the URL").and.contain(`HTTP ${status}`)
        expect(marketo.identityCalls).to.have.length(1)
      })
    }

    it("mean that the call which wants the token surely was not sent", async () => {
      marketo.answerIdentity({ status: 404, text: "" })
      expect((await rejectionOf(token.current(run))).unsent).to.equal("lasting")
      marketo.answerIdentity(...[1, 2, 3, 4].map(() => ({ reset: true })))
      expect((await rejectionOf(token.current(run))).unsent).to.equal("passing")
    })

    it("come before the instance was ever reached, or after", async () => {
      marketo.answerIdentity({ status: 404, text: "" })
      await rejectionOf(token.current(run))
      expect(token.wasGiven).to.equal(false)
      await token.current(run)
      expect(token.wasGiven).to.equal(true)
    })

    it("is told to all who wait, and the next one asks anew", async () => {
      marketo.answerIdentity({ status: 401, json: {} })
      const failures = await Promise.all([rejectionOf(token.current(run)), rejectionOf(token.current(run))])
      expect(failures.map((each) => each.kind)).to.deep.equal(["auth", "auth"])
      expect((await token.current(run)).text).to.equal("fake-token-1")
    })

    it("does not repeat the secret", async () => {
      marketo.answerIdentity({ status: 401, json: { error: CLIENT_SECRET } })
      expect((await rejectionOf(token.current(run))).message).not.to.contain(CLIENT_SECRET)
    })
  })

  describe("a run that stops while it waits", () => {
    it("does not wait on, and spoils nothing for others", async () => {
      let open: () => void = () => undefined
      const after = new Promise<void>((resolve) => { open = resolve })
      marketo.answerIdentity({ json: { access_token: "slow", expires_in: 3600 }, after })
      const stopping = new RunControl()
      const first = rejectionOf(token.current(stopping))
      const second = token.current(run)
      stopping.stop({ category: "hub", readOn: true, message: "Enough." })
      expect(await first).to.be.instanceOf(RunStoppedError)
      open()
      expect((await second).text).to.equal("slow")
      expect(marketo.identityCalls).to.have.length(1)
    })
  })
})
