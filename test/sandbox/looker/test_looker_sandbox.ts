import * as chai from "chai"
import * as chaiAsPromised from "chai-as-promised"
import * as http from "http"
import { gunzipSync } from "zlib"

import { leadQueryResult } from "../../../sandbox/looker/lead_rows"
import { LookerSandbox } from "../../../sandbox/looker/looker_sandbox"
import { documentBytes } from "../../../sandbox/looker/query_result"

chai.use(chaiAsPromised)
const { expect } = chai

interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  body: Buffer
}

async function get(url: string, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent: false, method }, (response) => {
      const chunks: Buffer[] = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.once("error", reject)
      response.once("end", () => resolve({
        status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks),
      }))
    })
    request.once("error", reject)
    request.end()
  })
}

/** Resolves with the bytes that came once `byteCount` are there, and leaves the connection open. */
async function getFirst(url: string, byteCount: number): Promise<{ body: Buffer, request: http.ClientRequest }> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false }, (response) => {
      let body = Buffer.alloc(0)
      response.on("data", (chunk: Buffer) => {
        body = Buffer.concat([body, chunk])
        if (body.length >= byteCount) {
          resolve({ body, request })
        }
      })
      response.on("end", () => reject(new Error("the response has ended")))
      response.on("error", reject)
    })
    request.on("error", reject)
  })
}

describe("the Looker sandbox", () => {
  const result = leadQueryResult({ rowCount: 300 })
  const whole = Buffer.concat([...documentBytes(result)])
  let looker: LookerSandbox

  beforeEach(async () => {
    looker = await LookerSandbox.start()
  })

  afterEach(async () => {
    await looker.stop()
  })

  describe("without a fault", () => {
    it("serves the document with status 200, and 404 to whoever asks again", async () => {
      const url = looker.publish(result)
      const first = await get(url)
      expect(first.status).to.equal(200)
      expect(first.headers["content-type"]).to.equal("application/json")
      expect(first.body.equals(whole)).to.equal(true)
      expect((await get(url)).status).to.equal(404)
    })

    it("counts a HEAD request as the one use", async () => {
      const url = looker.publish(result)
      expect((await get(url, "HEAD")).status).to.equal(405)
      expect((await get(url)).status).to.equal(404)
    })

    it("gives each publication its own URL", async () => {
      const urls = [looker.publish(result), looker.publish(result)]
      expect(urls[0]).not.to.equal(urls[1])
      for (const url of urls) {
        expect((await get(url)).body.equals(whole)).to.equal(true)
      }
    })

    it("passes the document's options on", async () => {
      const answer = await get(looker.publish(result, { format: "json_detail", prettyPrinted: true, chunkBytes: 1000 }))
      const expected = Buffer.concat([...documentBytes(result, { format: "json_detail", prettyPrinted: true })])
      expect(answer.body.equals(expected)).to.equal(true)
    })

    it("serves any text at all", async () => {
      expect((await get(looker.publishText("[1,"))).body.toString()).to.equal("[1,")
    })

    it("publishes for whoever posts to an offer, and tells what is wrong with a wish", async () => {
      const offer = looker.offer("/results", (parameters) => {
        if (parameters.get("rows") !== "300") {
          throw new Error("only 300")
        }
        return result
      })
      const published = await get(`${offer}?rows=300`, "POST")
      expect((await get(published.body.toString())).body.equals(whole)).to.equal(true)
      const refused = await get(`${offer}?rows=1`, "POST")
      expect(refused.status).to.equal(400)
      expect(refused.body.toString()).to.equal("only 300\n")
    })

    it("keeps a log of its downloads", async () => {
      const url = looker.publish(result)
      await get(url)
      await get(url)
      expect(looker.downloads.map(({ method, bodyBytes, outcome }) => ({ method, bodyBytes, outcome })))
        .to.deep.equal([
          { method: "GET", bodyBytes: whole.length, outcome: "complete" },
          { method: "GET", bodyBytes: 0, outcome: "gone" },
        ])
    })

    it("does not make rows faster than they are read", async () => {
      const url = looker.publish(leadQueryResult({ rowCount: 1_000_000 }))
      const { request } = await getFirst(url, 1)
      request.destroy()
      while (looker.downloads[0].outcome === "under way") {
        await new Promise((resolve) => setImmediate(resolve))
      }
      expect(looker.downloads[0].outcome).to.equal("broken off")
      expect(looker.downloads[0].bodyBytes).to.be.below(50 * 1024 * 1024)
    })
  })

  describe("with a fault", () => {
    it("ends the body after so many bytes, properly for HTTP", async () => {
      const answer = await get(looker.publish(result, { fault: { kind: "truncated", afterBytes: 1234 } }))
      expect(answer.status).to.equal(200)
      expect(answer.body.equals(whole.subarray(0, 1234))).to.equal(true)
    })

    it("can end before the first byte", async () => {
      const answer = await get(looker.publish(result, { fault: { kind: "truncated", afterBytes: 0 } }))
      expect(answer.body).to.have.length(0)
    })

    it("breaks the connection short of the announced length", async () => {
      const fault = { kind: "wrong content length", differenceBytes: 10 } as const
      await expect(get(looker.publish(result, { fault }))).to.be.rejectedWith("aborted")
    })

    it("announces fewer bytes than the document has", async () => {
      const fault = { kind: "wrong content length", differenceBytes: -10 } as const
      const { body } = await getFirst(looker.publish(result, { fault }), whole.length - 10)
      expect(body.equals(whole.subarray(0, -10))).to.equal(true)
    })

    it("answers another status with a body of its own", async () => {
      const answer = await get(looker.publish(result, { fault: { kind: "status", status: 503, body: "busy" } }))
      expect(answer.status).to.equal(503)
      expect(answer.body.toString()).to.equal("busy")
    })

    it("answers a web page with status 200", async () => {
      const answer = await get(looker.publish(result, { fault: { kind: "html page" } }))
      expect(answer.status).to.equal(200)
      expect(answer.headers["content-type"]).to.equal("text/html")
      expect(answer.body.toString()).to.match(/^<!DOCTYPE html>/)
    })

    it("stalls after so many bytes until it is stopped", async () => {
      const url = looker.publish(result, { fault: { kind: "stall", afterBytes: 100 } })
      const { body } = await getFirst(url, 100)
      expect(body.equals(whole.subarray(0, 100))).to.equal(true)
      expect(looker.downloads[0].outcome).to.equal("under way")
    })

    it("drips the whole document, so many bytes at a time", async () => {
      const small = leadQueryResult({ rowCount: 1 })
      const fault = { kind: "slow drip", chunkBytes: 500, everyMs: 1 } as const
      const answer = await get(looker.publish(small, { fault }))
      expect(answer.body.equals(Buffer.concat([...documentBytes(small)]))).to.equal(true)
    })

    it("stops dripping when it is stopped", async () => {
      const fault = { kind: "slow drip", chunkBytes: 10, everyMs: 60_000 } as const
      const download = get(looker.publish(result, { fault }))
      download.catch(() => undefined)
      while (looker.downloads[0]?.bodyBytes !== 20 && looker.downloads[0]?.bodyBytes !== 10) {
        await new Promise((resolve) => setImmediate(resolve))
      }
      await looker.stop()
      await expect(download).to.be.rejected
      looker = await LookerSandbox.start()
    })

    it("resets the connection after so many bytes", async () => {
      const fault = { kind: "reset", afterBytes: 2000 } as const
      await expect(get(looker.publish(result, { fault }))).to.be.rejectedWith(/ECONNRESET|aborted/)
      expect(looker.downloads[0].bodyBytes).to.equal(2000)
    })

    it("compresses the body, and says so", async () => {
      const answer = await get(looker.publish(result, { fault: { kind: "gzip" } }))
      expect(answer.headers["content-encoding"]).to.equal("gzip")
      expect(gunzipSync(answer.body).equals(whole)).to.equal(true)
    })

    it("redirects to further one-time URLs before the document", async () => {
      const url = looker.publish(result, { fault: { kind: "redirect", times: 2, status: 307 } })
      const first = await get(url)
      expect(first.status).to.equal(307)
      const second = await get(first.headers.location ?? "")
      expect(second.status).to.equal(307)
      const last = await get(second.headers.location ?? "")
      expect(last.body.equals(whole)).to.equal(true)
      expect((await get(url)).status).to.equal(404)
    })

    it("ends with an errors member after so many rows", async () => {
      const answer = await get(looker.publish(result, { fault: { kind: "errors key", afterRows: 7 } }))
      const document = JSON.parse(answer.body.toString()) as { data: object[], errors: object[] }
      expect(document.data).to.have.length(7)
      expect(document.errors).to.have.length(1)
    })
  })
})
