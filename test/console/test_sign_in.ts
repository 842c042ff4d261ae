import { expect } from "chai"
import { Sessions } from "../../src/console/sessions"
import { Request } from "express"
import { ConsoleUnderTest } from "./console_under_test"

describe("Signing in to the pages for people", () => {
  const pages = new ConsoleUnderTest()

  beforeEach(async () => pages.start())
  afterEach(async () => pages.stop())

  it("takes a token of the hub, also with blanks around it, for a cookie that only the hub can read", async () => {
    for (const token of [pages.token, `  ${pages.token}\n`]) {
      const response = await pages.signIn(token)
      expect(response.status).to.equal(200)
      expect(response.headers.get("set-cookie")).to.match(/; Path=\/; HttpOnly; SameSite=Strict; Max-Age=3600$/)
    }
  })

  it("marks the cookie for TLS where there is TLS", async () => {
    const response = await pages.ask("/session", {
      method: "POST", body: JSON.stringify({ token: pages.token }),
      headers: { "Content-Type": "application/json", "X-Forwarded-Proto": "https" },
    })
    expect(response.headers.get("set-cookie")).to.match(/; Secure$/)
  })

  it("gives no cookie to anybody before, and says who has a session", async () => {
    const page = await pages.ask("/console")
    expect(page.headers.get("set-cookie")).to.equal(null)
    expect(await (await pages.ask("/session")).json()).to.deep.equal({ endsInMs: 0 })
    const { endsInMs } = await (await pages.ask("/session", { headers: await pages.cookie() })).json() as
      { endsInMs: number }
    expect(endsInMs).to.be.within(3_500_000, 3_600_000)
  })

  for (const token of ["", "wrong", "tests/0123", 7, null, { a: 1 }]) {
    it(`refuses ${JSON.stringify(token)}`, async () => {
      const response = await pages.signIn(token as string)
      expect(response.status).to.equal(403)
      expect(await response.text()).to.contain("not a token of this hub")
      expect(response.headers.get("set-cookie")).to.equal(null)
    })
  }

  it("lets an address wait that has tried ten wrong tokens, even with the right one", async () => {
    for (let attempt = 0; attempt < 10; attempt++) {
      expect((await pages.signIn("wrong/token")).status).to.equal(403)
    }
    const response = await pages.signIn()
    expect(response.status).to.equal(429)
    expect(Number(response.headers.get("retry-after"))).to.be.within(1, 300)
    expect(pages.hub.logText).not.to.contain(pages.token)
  })

  it("ends with the hour, with another secret, and with a changed character", () => {
    const request = (cookie: string) => ({ header: () => cookie } as unknown as Request)
    let set = ""
    let now = 1_000_000
    const sessions = new Sessions("one secret", () => now)
    sessions.begin({ header: () => undefined } as unknown as Request,
      { append: (_name: string, value: string) => { set = value } } as never)
    const [cookie] = set.split(";")
    expect(sessions.endOf(request(`other=1; ${cookie}`))).to.equal(now + 3_600_000)
    expect(new Sessions("another secret", () => now).endOf(request(cookie))).to.equal(undefined)
    expect(sessions.endOf(request(cookie.replace(/=./, "=z")))).to.equal(undefined)
    expect(sessions.endOf(request("actionhub_session=..; a=b"))).to.equal(undefined)
    now += 3_600_000
    expect(sessions.endOf(request(cookie))).to.equal(undefined)
  })
})

describe("The pages for people", () => {
  const pages = new ConsoleUnderTest()

  afterEach(async () => pages.stop())

  it("refuse what pages of other sites have a browser send", async () => {
    await pages.start()
    const foreign: Record<string, string>[] = [
      { "Sec-Fetch-Site": "cross-site" }, { "Sec-Fetch-Site": "same-site" }, { Origin: "https://evil.example.com" },
      { Origin: "null" }, { Origin: `http://127.0.0.1:${pages.hub.port + 1}` },
    ]
    for (const headers of foreign) {
      const response = await pages.ask("/session", { method: "DELETE", headers })
      expect(response.status, JSON.stringify(headers)).to.equal(403)
    }
    expect((await fetch(`${pages.url}/session`, { method: "DELETE" })).status, "without the header").to.equal(403)
    expect((await pages.ask("/session", { method: "DELETE", headers: { Origin: pages.url } })).status).to.equal(200)
  })

  it("let their own requests pass behind a proxy that asks for the hub by another name", async () => {
    await pages.start()
    process.env.ACTION_HUB_BASE_URL = "http://actions.example.com:8088/hub"
    const own: Record<string, string>[] = [
      { "Origin": "https://actions.example.com:8443", "Sec-Fetch-Site": "same-origin" },
      { Origin: "http://actions.example.com:8088" },
      { Origin: "http://actions.example.com" },
    ]
    const answers = await Promise.all(own.map(async (headers) => pages.ask("/session", { method: "DELETE", headers })))
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 403])
  })

  it("have no address unless they are switched on", async () => {
    const off: [boolean, boolean, string[]][] = [
      [false, false, ["/console", "/playground", "/session", "/console-files/console.js"]],
      [true, false, ["/playground"]], [false, true, ["/console"]],
    ]
    for (const [hasConsole, hasPlayground, paths] of off) {
      await pages.start({ hasConsole, hasPlayground })
      for (const path of paths) {
        expect((await pages.ask(path)).status, path).to.equal(404)
      }
      await pages.stop()
    }
    await pages.start()
  })

  it("load nothing from elsewhere, and run no script that stands in them", async () => {
    await pages.start()
    for (const path of ["/console", "/playground"]) {
      const response = await pages.ask(path)
      const policy = response.headers.get("content-security-policy") ?? ""
      expect(policy).to.contain("default-src 'none'; script-src 'self'; style-src 'self'")
      expect(policy).not.to.contain("unsafe")
      expect(await response.text()).not.to.match(/https?:|<script>|<style|\son\w+=/)
    }
  })
})
