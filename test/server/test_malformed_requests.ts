import { expect } from "chai"
import * as fc from "fast-check"
import * as http from "http"
import { setFlagsFromString } from "v8"
import { runInNewContext } from "vm"
import * as zlib from "zlib"

import * as Hub from "../../src/hub"
import { HubUnderTest, ScriptedAction } from "./hub_under_test"

/** `npm run test:soak` asks for more. */
const REQUESTS = Number(process.env.SOAK_REQUESTS ?? 1200)
/** What a programmer would read in the place of a sentence. */
const PROGRAMMERS_TEXT = /is not a function|undefined|Cannot read|of null|ERR_[A-Z]|Unexpected token|\bat .*:\d+:\d+/

/** Trusts its request as far as the types of the contract go. */
class TrustingAction extends Hub.OAuthActionV2 {
  name = "trusting"
  label = "Trusting"
  description = ""
  supportedActionTypes = [Hub.ActionType.Query, Hub.ActionType.Cell]
  params = []

  async execute(request: Hub.ActionRequest) {
    return new Hub.ActionResponse({ message: textsOf(request) })
  }

  async form(request: Hub.ActionRequest) {
    const form = new Hub.ActionForm()
    form.fields = [{ name: textsOf(request), type: "string" }]
    return form
  }

  async oauthCheck(_request: Hub.ActionRequest) {
    return true
  }

  async oauthUrl(redirectUri: string, state: string) {
    return `${redirectUri.trim()}?${encodeURIComponent(state.trim())}`
  }

  async oauthHandleRedirect(parameters: { [key: string]: string }) {
    return Object.values(parameters).map((value) => value.trim()).join("") === "" ? "" : "https://back"
  }

  async oauthFetchAccessToken(request: Hub.ActionRequest) {
    return new Hub.ActionToken(textsOf(request), request.fetchTokenState?.trim()) as unknown as Hub.TokenPayload
  }
}

/** Calls a method of a text on whatever the contract says is one. */
function textsOf({ params, formParams, scheduledPlan, attachment, fetchTokenState }: Hub.ActionRequest): string {
  const texts = [...Object.values(params), ...Object.values(formParams), scheduledPlan?.title, scheduledPlan?.url,
    scheduledPlan?.downloadUrl, attachment?.mime, attachment?.fileExtension, fetchTokenState]
  return texts.map((text) => text?.trim()).join("") + (attachment?.dataBuffer?.subarray(0, 1).length ?? 0) +
    String(Object.keys(scheduledPlan?.query ?? {}).length)
}

interface Sent {
  method: string
  path: string
  headers: http.OutgoingHttpHeaders
  body: Buffer
}

const anyValue = fc.oneof(fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(5, "x", true, [], {}, [[]], "constructor", "__proto__"))
const texts = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "toString")), anyValue)
const members = (names: string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, anyValue])), { requiredKeys: [] })
const looselyFormed = fc.record({
  type: fc.oneof({ weight: 3, arbitrary: fc.constantFrom("query", "cell") }, { weight: 1, arbitrary: anyValue }),
  attachment: fc.oneof(members(["mimetype", "extension", "data", "x"]), anyValue),
  scheduled_plan: fc.oneof(members(["scheduled_plan_id", "title", "type", "url", "query_id", "query", "download_url",
    "filters_differ_from_look", "async_callback_url"]), anyValue),
  data: fc.oneof(texts, anyValue),
  form_params: fc.oneof(texts, anyValue),
  state: anyValue,
}, { requiredKeys: [] })
const bombs = fc.constantFrom("[", "{\"a\":", "[0,", "{\"attachment\":{\"data\":[", "{\"data\":{\"a\":")
  .chain((piece) => fc.constantFrom(50, 5000, 200_000).map((times) => piece.repeat(times)))
const json = fc.oneof(
  { weight: 6, arbitrary: looselyFormed.map((body) => JSON.stringify(body)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
  { weight: 1, arbitrary: fc.tuple(looselyFormed, fc.nat(200)).map(([body, at]) => JSON.stringify(body).slice(0, at)) },
  { weight: 1, arbitrary: bombs },
)
const ENCODERS: Record<string, (bytes: Buffer) => Buffer> = {
  "gzip": (bytes) => zlib.gzipSync(bytes),
  "deflate": (bytes) => zlib.deflateSync(bytes),
  "br": (bytes) => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }),
  "identity": (bytes) => bytes,
  "compress": (bytes) => bytes,
  "gzip, gzip": (bytes) => zlib.gzipSync(zlib.gzipSync(bytes)),
}
const encoded = fc.tuple(json, fc.oneof(fc.constant("identity"), fc.constantFrom(...Object.keys(ENCODERS))),
  fc.constantFrom("whole", "whole", "whole", "cut", "garbled", "plain"))
  .map(([text, encoding, state]) => {
    const plain = Buffer.from(text)
    const bytes = state === "plain" ? plain : ENCODERS[encoding](plain)
    const damaged = state === "cut" ? bytes.subarray(0, bytes.length / 2) : bytes
    if (state === "garbled" && damaged.length > 0) {
      damaged[damaged.length >> 1] ^= 0x55
    }
    return { encoding, bytes: damaged }
  })

const action = fc.constantFrom("trusting", "nope", "__proto__", "constructor", "%E0%A4%A", "..%2f", "%00")
const path = fc.oneof(
  fc.tuple(action, fc.constantFrom("", "/execute", "/execute", "/form", "/oauth_token", "/oauth", "/oauth_redirect",
    "/oauth_check", "/nope")).map(([name, route]) => `/actions/${name}${route}`),
  fc.constantFrom("/", "/status", "/index.html", "/%2e%2e/package.json", "//", "/actions"),
)
const query = fc.constantFrom("", "", "?", "?state=a", "?state=a&state=b", "?state[a]=1&__proto__=2", "?%E0%A4%A",
  "?a&a")
const headerValue = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((at) => String.fromCharCode(at)), maxLength: 40,
})
const request = fc.record({
  method: fc.constantFrom("POST", "POST", "POST", "POST", "GET", "PUT", "HEAD"),
  path: fc.tuple(path, query).map((parts) => parts.join("")),
  hasKey: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  body: encoded,
  contentType: fc.oneof({ weight: 6, arbitrary: fc.constant("application/json") },
    { weight: 1, arbitrary: fc.constantFrom("application/json; charset=utf-16", "text/plain",
      "application/json; charset=",
      "application/json;charset=\"utf-8\"") }, { weight: 1, arbitrary: headerValue }),
  isChunked: fc.boolean(),
  userAgent: headerValue,
  others: fc.dictionary(fc.constantFrom("x-looker-webhook-id", "x-looker-instance", "expect", "range", "if-none-match",
    "x-forwarded-for", "accept-encoding"), headerValue.filter((text) => text !== "100-continue"), { maxKeys: 2 }),
})

type Malformed = typeof request extends fc.Arbitrary<infer Sent> ? Sent : never

describe("A hub that is sent malformed requests", function () {
  this.timeout(REQUESTS * 200)

  const hub = new HubUnderTest()
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 })

  before(async () => hub.start([new TrustingAction(), new ScriptedAction()], { bodyLimitMb: 1 }))
  after(async () => {
    agent.destroy()
    await hub.stop()
  })

  async function answerTo({ method, path: target, headers, body }: Sent): Promise<{ status: number, text: string }> {
    return new Promise((resolve, reject) => {
      const to = { host: "127.0.0.1", port: hub.port, method, path: target, headers, agent }
      const asked = http.request(to, (response) => {
        const chunks: Buffer[] = []
        response.on("data", (chunk: Buffer) => chunks.push(chunk))
        response.on("error", reject)
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
      })
      asked.on("error", reject)
      asked.end(method === "GET" || method === "HEAD" ? undefined : body)
    })
  }

  async function send(
    { method, path: target, hasKey, body, contentType, isChunked, userAgent, others }: Malformed,
  ): Promise<{ status: number, text: string }> {
    return answerTo({
      method, path: target, body: body.bytes,
      headers: {
        ...others, "content-type": contentType, "content-encoding": body.encoding, "user-agent": userAgent,
        ...(hasKey ? { authorization: hub.lookerHeaders.authorization } : {}),
        ...(method === "GET" || method === "HEAD" ? {} : isChunked ? { "transfer-encoding": "chunked" } :
          { "content-length": body.bytes.length }),
      },
    })
  }

  /** Bytes of the heap that are in use once all garbage is gone; what the test itself keeps is dropped. */
  function bytesInUse(): number {
    const log = hub.log as unknown as { writeOutput: unknown[], errorOutput: unknown[] }
    log.writeOutput.splice(0)
    log.errorOutput.splice(0)
    setFlagsFromString("--expose-gc")
    const collect = runInNewContext("gc") as () => void
    collect()
    return process.memoryUsage().heapUsed
  }

  it("keeps nothing of them", async () => {
    const samples = fc.sample(request, { numRuns: REQUESTS / 2, seed: 1 })
    const sendAll = async () => {
      for (let at = 0; at < samples.length; at += 8) {
        await Promise.all(samples.slice(at, at + 8).map(send))
      }
      return bytesInUse()
    }
    await sendAll()
    const first = await sendAll()
    const second = await sendAll()
    expect((second - first) / samples.length).to.be.lessThan(2000)
  })

  it(`answers each of ${REQUESTS} in words, none with a failure of its own`, async () => {
    const seen = new Map<number, number>()
    await fc.assert(fc.asyncProperty(fc.array(request, { minLength: 8, maxLength: 8 }), async (requests) => {
      await Promise.all(requests.map(async (sent) => {
        const { method, path: target } = sent
        const { status, text } = await send(sent)
        seen.set(status, (seen.get(status) ?? 0) + 1)
        const shown = `${method} ${target} ${status} ${text.slice(0, 300)}`
        expect(status, shown).to.be.greaterThan(199).and.lessThan(500)
        if (status >= 400 && status !== 417 && method !== "HEAD") {
          expect(JSON.parse(text), shown).to.have.property("success", false)
          expect((JSON.parse(text) as { error: string }).error, shown).to.match(/\.$/).and.not.match(PROGRAMMERS_TEXT)
        } else if (target.startsWith("/actions/trusting/execute") && method === "POST" && status === 200) {
          const { looker } = JSON.parse(text) as { looker: { success: boolean, message: string } }
          expect(looker.success || !PROGRAMMERS_TEXT.test(looker.message), shown).to.equal(true)
        }
      }))
    }), { numRuns: Math.ceil(REQUESTS / 8) })
    expect([...seen.keys()]).to.include.members([200, 400, 403, 404, 415])
    expect((await hub.post("/actions/scripted/execute")).body).to.include("done")
    expect(hub.logText).not.to.include("Internal")
    expect(Object.prototype).not.to.have.property("polluted")
  })
})
