import { expect } from "chai"
import { SandboxClient } from "../sandbox_client"

const PATH = "/identity/oauth/token"

describe("Marketo sandbox: identity", () => {
  let client: SandboxClient
  let time: number

  const ask = async (parameters: Record<string, string> = {}) => {
    const { clientId, clientSecret } = client.sandbox
    const query = new URLSearchParams({ grant_type: "client_credentials", client_id: clientId,
      client_secret: clientSecret, ...parameters })
    const response = await fetch(`${client.sandbox.url}${PATH}?${query.toString()}`)
    const body = await response.json() as Record<string, unknown>
    return { status: response.status, headers: response.headers, body }
  }

  beforeEach(async () => {
    time = Date.parse("2026-08-17T12:00:00Z")
    client = await SandboxClient.start({ now: () => time, customServices: [{}, { user: "second@example.com" }] })
  })

  afterEach(async () => client.stop())

  it("gives a token to GET and to POST, in the query and in a form body", async () => {
    const byGet = await ask()
    expect(byGet.status).to.equal(200)
    expect(byGet.body).to.include({ token_type: "bearer", expires_in: 3599, scope: "looker-hub@example.com" })
    const { clientId, clientSecret } = client.sandbox
    const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret }
    const byForm = await client.postForm(PATH, form)
    const byQuery = await client.call("POST", `${PATH}?${new URLSearchParams(form).toString()}`)
    expect(byForm.json.access_token).to.equal(byGet.body.access_token)
    expect(byQuery.json.access_token).to.equal(byGet.body.access_token)
    expect(byGet.headers.get("cache-control")).to.equal("no-store")
  })

  it("answers HTTP 401 with an OAuth error body to a wrong secret, client or grant", async () => {
    for (const name of ["client_secret", "client_id", "grant_type"]) {
      const answer = await ask({ [name]: "wrong" })
      expect(answer.status).to.equal(401)
      expect(answer.body).to.have.keys("error", "error_description")
    }
    expect((await ask({ client_secret: "no" })).body)
      .to.deep.equal({ error: "invalid_client", error_description: "Bad client credentials" })
  })

  it("gives the same token with less time until it expires, then a new one", async () => {
    const first = await ask()
    time += 5_000
    const second = await ask()
    time += 3_600_000
    const third = await ask()
    expect(second.body.access_token).to.equal(first.body.access_token)
    expect(second.body.expires_in).to.equal(3594)
    expect(third.body.access_token).not.to.equal(first.body.access_token)
  })

  it("gives each custom service its own token", async () => {
    const [, other] = client.sandbox.services
    const second = await ask({ client_id: other.clientId, client_secret: other.clientSecret })
    expect(second.body.scope).to.equal("second@example.com")
    expect(second.body.access_token).not.to.equal((await ask()).body.access_token)
  })

  it("can show a life of zero seconds, answer slowly, and fail", async () => {
    client.sandbox.identity.showLife(0)
    expect((await ask()).body.expires_in).to.equal(0)
    expect((await ask()).body.expires_in).to.equal(3599)
    client.sandbox.failNext("identity", { kind: "http", status: 503, body: "{}" })
    expect((await ask()).status).to.equal(503)
    client.sandbox.knobs.tokenLifeSeconds = 30
    client.sandbox.expireTokens()
    expect((await ask()).body.expires_in).to.equal(29)
  })

  it("is not found below /rest, where a token is due", async () => {
    const answer = await fetch(`${client.sandbox.url}/rest${PATH}?grant_type=client_credentials`)
    expect(await answer.json()).to.deep.include({ errors: [{ code: "600", message: "Empty access token" }] })
  })

  it("is neither counted nor limited", async () => {
    client.sandbox.knobs.rateLimit = 0
    client.sandbox.knobs.concurrencyLimit = 0
    expect((await ask()).status).to.equal(200)
    expect(client.sandbox.limits.dailyUsed).to.equal(0)
  })

  it("answers 600 without a token, and takes one in query or form for none", async () => {
    const token = client.sandbox.identity.issue()
    const bare = { headers: { Authorization: "" } }
    expect((await client.get("/rest/v1/stats/usage.json", bare)).code).to.equal("600")
    expect((await client.get(`/rest/v1/stats/usage.json?access_token=${token}`, bare)).code).to.equal("600")
    expect((await client.call("POST", "/rest/v1/stats/usage.json?_method=GET",
      { form: { access_token: token }, ...bare })).code).to.equal("600")
  })

  it("answers 601 to an unknown token, 602 to an expired one and 601 once it is forgotten", async () => {
    const token = client.sandbox.identity.issue()
    const code = async (text: string) => (await client.get("/rest/v1/stats/usage.json", { token: text })).code
    expect(await code("nonsense")).to.equal("601")
    expect(await code(token)).to.equal(undefined)
    time += 3_600_000
    expect(await code(token)).to.equal("602")
    expect(await code(token)).to.equal("601")
  })

  it("takes the word bearer in any case", async () => {
    const token = client.sandbox.identity.issue()
    const answer = await client.get("/rest/v1/stats/usage.json", { headers: { Authorization: `bEARER ${token}` } })
    expect(answer.success).to.equal(true)
  })
})
