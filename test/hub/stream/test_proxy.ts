import { expect } from "chai"
import { once } from "events"
import * as fc from "fast-check"
import * as http from "http"
import * as https from "https"
import { AddressInfo } from "net"
import * as sinon from "sinon"
import { DownloadError } from "../../../src/hub/stream/errors"
import { proxyAddress } from "../../../src/hub/stream/proxy"
import { streamRequest } from "../../../src/hub/stream/request_stream"
import { HttpProxy, HttpProxyOptions } from "../../support/http_proxy"
import { selfSigned } from "../../support/self_signed"
import { rejectionOf } from "./documents"

const DOCUMENT = "[{\"a\":1}]"
const VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"]

/** What the library that talks to Marketo makes of the environment. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- It is no part of the library's types.
const libraryProxy = require("request/lib/getProxyFromURI") as (url: URL) => string | null

function setEnvironment(changes: { [name: string]: string }) {
  const environment = { ...process.env }
  for (const name of VARIABLES) {
    delete environment[name]
  }
  sinon.stub(process, "env").value({ ...environment, ...changes })
}

describe("the proxy for an address", () => {
  afterEach(() => { sinon.restore() })

  it("is the one that the library for Marketo takes, whatever the environment says", () => {
    const host = fc.constantFrom(
      "looker.example.com", "example.com", "other-example.com", "com", "127.0.0.1", "localhost", "LOOKER.example.com")
    const entry = fc.oneof(host, host.map((name) => `.${name}`), host.map((name) => `*.${name}`), fc.constantFrom(
      "*", "", " ", "example.com:443", "example.com:8443", "127.0.0.1:80", "looker.example.com:", ":443",
      " example.com "))
    const noProxy = fc.array(entry, { maxLength: 4 }).map((entries) => entries.join(","))
    const proxy = fc.constantFrom(undefined, "", "http://one:1", "http://two:2")
    const environments = fc.record({
      HTTP_PROXY: proxy, HTTPS_PROXY: proxy, http_proxy: proxy, https_proxy: proxy,
      NO_PROXY: fc.option(noProxy, { nil: undefined }), no_proxy: fc.option(noProxy, { nil: undefined }),
    })
    const address = fc.tuple(fc.constantFrom("http", "https"), host, fc.constantFrom("", ":443", ":8443", ":80"))
      .map(([protocol, name, port]) => new URL(`${protocol}://${name}${port}/path`))
    let direct = 0
    fc.assert(fc.property(environments, address, (environment, url) => {
      const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined))
      setEnvironment(set as { [name: string]: string })
      const expected = libraryProxy(url) ?? undefined
      direct += expected === undefined ? 1 : 0
      expect(proxyAddress(url)).to.equal(expected)
      sinon.restore()
    }), { numRuns: 2000 })
    expect(direct).to.be.within(100, 1900)
  })
})

describe("a download by way of a proxy", () => {
  let proxy: HttpProxy
  let server: http.Server | https.Server

  async function begin(protocol: "http" | "https", options: HttpProxyOptions = {}, status = 200): Promise<string> {
    const answer: http.RequestListener = (_request, response) => { response.writeHead(status).end(DOCUMENT) }
    server = protocol === "http" ? http.createServer(answer) : https.createServer(selfSigned("127.0.0.1"), answer)
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    proxy = await HttpProxy.start(options)
    return `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}/one-time?key=secret`
  }

  async function download(downloadUrl: string): Promise<string> {
    return streamRequest({ downloadUrl }, async (readable) => {
      let text = ""
      for await (const chunk of readable) {
        text += String(chunk)
      }
      return text
    })
  }

  /** The proxy's requests for the host of an address: what other tests have left to go on may use the proxy, too. */
  function requestsFor(address: string): string[] {
    return proxy.requests.filter((request) => request.includes(new URL(address).host))
  }

  async function failure(downloadUrl: string): Promise<DownloadError> {
    const error = await rejectionOf(download(downloadUrl))
    expect(error).to.be.instanceOf(DownloadError)
    return error as DownloadError
  }

  afterEach(async () => {
    sinon.restore()
    await proxy.stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  it("asks the proxy for an http address", async () => {
    const url = await begin("http")
    setEnvironment({ HTTP_PROXY: proxy.url })
    expect(await download(url)).to.equal(DOCUMENT)
    expect(requestsFor(url)).to.deep.equal([`GET ${url}`])
  })

  // Node says once what a test that needs it knows.
  beforeEach(() => { sinon.stub(process, "emitWarning") })

  it("has the proxy open a tunnel for an https address, which does not see the one-time address", async () => {
    const url = await begin("https")
    setEnvironment({ https_proxy: proxy.host, NODE_TLS_REJECT_UNAUTHORIZED: "0" })
    expect(await download(url)).to.equal(DOCUMENT)
    expect(requestsFor(url)).to.deep.equal([`CONNECT ${new URL(url).host}`])
  })

  it("still checks Looker's certificate", async () => {
    const url = await begin("https")
    setEnvironment({ HTTPS_PROXY: proxy.url })
    expect(await failure(url)).to.have.property("kind", "connection")
    expect(requestsFor(url)).to.have.length(1)
  })

  for (const protocol of ["http", "https"] as const) {
    it(`gives the proxy the user and password of its address (${protocol})`, async () => {
      const url = await begin(protocol, { credentials: "hub:pass" })
      setEnvironment({ HTTP_PROXY: proxy.url, NODE_TLS_REJECT_UNAUTHORIZED: "0" })
      expect(await download(url)).to.equal(DOCUMENT)
    })

    it(`says so when the proxy wants another password, and does not tell the one it has (${protocol})`, async () => {
      const url = await begin(protocol, { credentials: "hub:pass" })
      setEnvironment({ HTTP_PROXY: proxy.url.replace("pass", "wrong-secret") })
      const error = await failure(url)
      expect(error).to.include({ kind: "proxy" })
      expect(error.message).to.equal(
        `The proxy ${proxy.host} refused the connection to Looker (${new URL(url).host}) with ` +
        "status 407: it requires a user name and password, or does not accept those in its address")
      expect(JSON.stringify([error, error.stack, error.cause])).not.to.match(/wrong-secret|key=secret/)
    })

    it(`asks Looker itself where NO_PROXY names its host (${protocol})`, async () => {
      const url = await begin(protocol, { refusesWith: 403 })
      setEnvironment({ HTTP_PROXY: proxy.url, NO_PROXY: "localhost,127.0.0.1", NODE_TLS_REJECT_UNAUTHORIZED: "0" })
      expect(await download(url)).to.equal(DOCUMENT)
      expect(requestsFor(url)).to.deep.equal([])
    })

    it(`says which proxy does not answer within the time, and lets go of it (${protocol})`, async () => {
      const url = await begin(protocol, { isSilent: true })
      const limit = protocol === "http" ? "FIRST_BYTE" : "CONNECT"
      setEnvironment({ HTTP_PROXY: proxy.url, [`ACTION_HUB_STREAM_${limit}_TIMEOUT`]: "50" })
      const error = await failure(url)
      expect(error.kind).to.equal("timeout")
      expect(error.message).to.contain(`${new URL(url).host} by way of the proxy ${proxy.host}`)
      await Promise.all([...proxy.open].map(async (socket) => once(socket, "close")))
      expect(proxy.open.size).to.equal(0)
    })
  }

  for (const [status, words] of [[403, "does not allow"], [502, "could not open"]] as const) {
    it(`says that the proxy refuses the tunnel with status ${status}, and not that Looker did`, async () => {
      const url = await begin("https", { refusesWith: status })
      setEnvironment({ HTTPS_PROXY: proxy.url })
      const error = await failure(url)
      expect(error.kind).to.equal("proxy")
      expect(error.message).to.contain(`The proxy ${proxy.host} refused`).and.contain(`status ${status}: it ${words}`)
    })
  }

  it("passes Looker's own refusal on with upstream's text", async () => {
    const url = await begin("http", {}, 404)
    setEnvironment({ HTTP_PROXY: proxy.url })
    expect(await rejectionOf(download(url)))
      .to.equal("There was an error with Action Hub calling back to Looker, status code: 404")
  })

  it("names the proxy when nothing listens at its address", async () => {
    const url = await begin("https")
    const { host } = proxy
    setEnvironment({ HTTPS_PROXY: `http://hub:topsecret@${host}` })
    await proxy.stop()
    const error = await failure(url)
    expect(error.kind).to.equal("connection")
    expect(error.message).to.contain(`by way of the proxy ${host}`).and.not.contain("topsecret")
    proxy = await HttpProxy.start()
  })

  for (const address of ["socks5://hub:topsecret@127.0.0.1:1080", "http://", "http://hub:topsecret@127.0.0.1:port"]) {
    it(`refuses ${address.split("//")[0]}//... as a proxy's address without telling it`, async () => {
      const url = await begin("http")
      setEnvironment({ HTTP_PROXY: address })
      const error = await failure(url)
      expect(error.kind).to.equal("proxy")
      expect(error.message).to.contain("is not the address of an HTTP proxy").and.not.contain("topsecret")
    })
  }

  it("still allows only the hosts that the hub's list names", async () => {
    const url = await begin("http")
    setEnvironment({ HTTP_PROXY: proxy.url, ACTION_HUB_STREAM_ALLOWED_HOSTS: "looker.example.com" })
    expect((await failure(url)).kind).to.equal("address")
    expect(requestsFor(url)).to.deep.equal([])
  })
})
