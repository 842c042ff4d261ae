import { expect } from "chai"
import { fork } from "child_process"
import { once } from "events"
import * as fs from "fs"
import * as http from "http"
import { AddressInfo, createServer, Server, Socket } from "net"
import { tmpdir } from "os"
import * as path from "path"
import * as sinon from "sinon"
import { PassThrough, Readable } from "stream"
import { gzipSync } from "zlib"
import { readJsonRows } from "../../../src/hub/stream/json_reader"
import { streamRequest } from "../../../src/hub/stream/request_stream"
import { rejectionOf } from "./documents"

type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void

const ROWS = Array.from({ length: 2000 }, (_, id) => ({ id, name: `José ${id}` }))
const DOCUMENT = JSON.stringify(ROWS)

async function text(readable: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of readable) {
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString()
}

describe("streamRequest from an attachment", () => {
  it("calls back synchronously and first, with a paused stream", async () => {
    const calls: string[] = []
    const done = streamRequest({ dataBuffer: Buffer.from("abc") }, async (readable) => {
      calls.push("callback")
      expect(readable.readableFlowing).to.equal(null)
      return text(readable)
    })
    calls.push("after the call")
    expect(calls).to.deep.equal(["callback", "after the call"])
    expect(await done).to.equal("abc")
  })

  it("needs no timer", async () => {
    const clock = sinon.useFakeTimers({ toFake: ["setTimeout", "setInterval", "setImmediate", "Date"] })
    try {
      const rows: unknown[] = []
      await streamRequest({ dataBuffer: Buffer.from(DOCUMENT) }, async (readable) => {
        await readJsonRows(readable, async (row) => { rows.push(row) })
      })
      expect(rows).to.deep.equal(ROWS)
    } finally {
      clock.restore()
    }
  })

  it("resolves when the callback does, read or not", async () => {
    expect(await streamRequest({ dataBuffer: Buffer.alloc(1e6) }, async () => "unread")).to.equal("unread")
  })

  it("rejects with what the callback throws, and destroys the stream", async () => {
    let given: Readable | undefined

    expect(await rejectionOf(streamRequest({ dataBuffer: Buffer.from("abc") }, (readable) => {
      given = readable
      throw new TypeError("at once")
    }))).to.be.instanceOf(TypeError)
    expect(given?.destroyed).to.equal(true)
  })

  it("calls back and rejects with upstream's text when there is nothing to stream", async () => {
    let called = false
    const error = await rejectionOf(streamRequest({ downloadUrl: null }, async (readable) => {
      called = true
      return text(readable)
    }))
    expect(called).to.equal(true)
    expect(error).to.equal("startStream was called on an ActionRequest that does not havea streaming download url " +
      "or an attachment. Ensure usesStreaming is set properly on the action.")
  })
})

describe("streamRequest from an address", () => {
  let server: http.Server | Server
  let directory: string
  let open: Socket[]

  async function listen(created: http.Server | Server): Promise<string> {
    server = created
    open = []
    server.on("connection", (socket: Socket) => { open.push(socket) })
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/one-time?key=secret`
  }
  const serve = async (answer: Answer) => listen(http.createServer(answer))

  /** Answers with exactly these bytes, then closes the connection. */
  const serveRaw = async (bytes: string) => listen(createServer((socket) => {
    socket.once("data", () => socket.end(bytes))
    socket.on("error", () => undefined)
  }))

  async function rowsFrom(downloadUrl: string) {
    const rows: unknown[] = []
    const error = await rejectionOf(streamRequest({ downloadUrl }, async (readable) => {
      await readJsonRows(readable, (row) => { rows.push(row) })
    }))
    return { rows, error }
  }

  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(tmpdir(), "test-stream-"))
    set({ ACTION_HUB_SPOOL_DIRECTORY: directory })
  })

  afterEach(async () => {
    sinon.restore()
    open.forEach((socket) => socket.destroy())
    if (server.listening) {
      await new Promise((resolve) => server.close(resolve))
    }
    expect(fs.readdirSync(directory)).to.deep.equal([])
    fs.rmSync(directory, { recursive: true })
  })

  function set(changes: { [name: string]: string }) {
    sinon.stub(process, "env").value({ ...process.env, ...changes })
  }

  it("prefers the address, calls back first, and resolves with the callback's value", async () => {
    const url = await serve((_request, response) => response.end(DOCUMENT))
    const calls: string[] = []
    const done = streamRequest({ downloadUrl: url, dataBuffer: Buffer.from("no") }, async (readable) => {
      calls.push("callback")
      return text(readable)
    })
    calls.push("after the call")
    expect(await done).to.equal(DOCUMENT)
    expect(calls).to.deep.equal(["callback", "after the call"])
  })

  it("asks once, with GET", async () => {
    const requests: string[] = []
    const url = await serve((request, response) => {
      requests.push(`${request.method} ${request.url}`)
      response.end(DOCUMENT)
    })
    expect((await rowsFrom(url)).rows).to.deep.equal(ROWS)
    expect(requests).to.deep.equal(["GET /one-time?key=secret"])
  })

  it("reads a gzipped answer", async () => {
    const url = await serve((request, response) => {
      expect(request.headers["accept-encoding"]).to.equal("gzip")
      response.setHeader("Content-Encoding", "gzip")
      response.end(gzipSync(DOCUMENT))
    })
    expect((await rowsFrom(url)).rows).to.deep.equal(ROWS)
  })

  it("rejects a gzipped answer that is cut off, or compressed in another way", async () => {
    const zipped = gzipSync(DOCUMENT)
    let encoding = "gzip"
    const url = await serve((_request, response) => {
      response.setHeader("Content-Encoding", encoding)
      response.end(zipped.subarray(0, zipped.length - 20))
    })
    expect((await rowsFrom(url)).error).to.include({ kind: "encoding" })
    encoding = "br"
    expect((await rowsFrom(url)).error).to.include({ kind: "encoding", rowsDelivered: 0 })
  })

  for (const status of [204, 304, 404, 500, 302]) {
    it(`rejects status ${status} with upstream's text, and no byte of the body reaches the callback`, async () => {
      const url = await serve((_request, response) => {
        response.statusCode = status
        response.end(DOCUMENT)
      })
      let bytes = 0
      const error = await rejectionOf(streamRequest({ downloadUrl: url }, async (readable) => {
        readable.on("data", (chunk: Buffer) => { bytes += chunk.length })
        return new Promise(() => undefined)
      }))
      expect(error).to.equal(`There was an error with Action Hub calling back to Looker, status code: ${status}`)
      expect(bytes).to.equal(0)
    })
  }

  it("rejects with the status's text although the reader has told its own error", async () => {
    const url = await serve((_request, response) => {
      response.statusCode = 410
      response.end()
    })
    expect((await rowsFrom(url)).error)
      .to.equal("There was an error with Action Hub calling back to Looker, status code: 410")
  })

  it("rejects a wrong status although the callback never reads", async () => {
    const url = await serve((_request, response) => {
      response.statusCode = 404
      response.end()
    })
    expect(await rejectionOf(streamRequest({ downloadUrl: url }, async () => "unread"))).to.match(/status code: 404/)
  })

  it("resolves when the callback never reads and the download is whole", async () => {
    const url = await serve((_request, response) => response.end(DOCUMENT.repeat(50)))
    expect(await streamRequest({ downloadUrl: url }, async () => "unread")).to.equal("unread")
  })

  it("follows redirects, but not for ever", async () => {
    const url = await serve((request, response) => {
      const hop = Number(new URL(request.url ?? "", "http://x").searchParams.get("hop") ?? "0")
      if (hop === 3) {
        response.end(DOCUMENT)
      } else {
        response.writeHead(302, { Location: request.url?.startsWith("/ever") ? "/ever" : `?hop=${hop + 1}` })
        response.end("elsewhere")
      }
    })
    expect((await rowsFrom(url)).rows).to.deep.equal(ROWS)
    expect((await rowsFrom(new URL("/ever", url).href)).error).to.include({ kind: "redirect" })
  })

  it("rejects an address that is malformed, not http, or of a host not allowed, redirected or not", async () => {
    const url = await serve((_request, response) => {
      response.writeHead(302, { Location: "http://internal.example/" })
      response.end()
    })
    for (const address of ["no address", "file:///etc/passwd", "ftp://example.com/"]) {
      expect((await rowsFrom(address)).error).to.include({ kind: "address" })
    }
    sinon.restore()
    set({ ACTION_HUB_STREAM_ALLOWED_HOSTS: "*.looker.com, 127.0.0.1" })
    const { error } = await rowsFrom(url)
    expect(error).to.include({ kind: "address" })
    expect((error as Error).message).to.match(/internal\.example/).and.not.match(/secret/)
    expect((await rowsFrom("http://evil-looker.com/")).error).to.include({ kind: "address" })
  })

  it("rejects, after the rows that came, when the connection breaks off", async () => {
    const url = await serve((_request, response) => {
      response.write(DOCUMENT.slice(0, DOCUMENT.indexOf("{\"id\":1000")))
      setTimeout(() => response.destroy(), 30)
    })
    const { rows, error } = await rowsFrom(url)
    expect(rows).to.deep.equal(ROWS.slice(0, 1000))
    expect(error).to.include({ kind: "incomplete", rowsDelivered: 1000 })
    expect(error).to.have.property("message").that.matches(/broke off.*after 1000 rows/)
  })

  it("delivers what came before the break even to a slow action", async () => {
    const url = await serve((_request, response) => {
      response.write(DOCUMENT.slice(0, DOCUMENT.indexOf("{\"id\":1000")))
      setTimeout(() => response.destroy(), 5)
    })
    let rows = 0
    const error = await rejectionOf(streamRequest({ downloadUrl: url }, async (readable) => {
      await readJsonRows(readable, async () => {
        rows++
        await (rows === 1 ? once(open[0], "close") : undefined)
      })
    }))
    expect(rows).to.equal(1000)
    expect(error).to.include({ kind: "incomplete", rowsDelivered: 1000 })
  })

  it("rejects an answer that is shorter or longer than its Content-Length", async () => {
    const head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: "
    const long = await serveRaw(`${head}100\r\n\r\n[1,2,3]`)
    expect((await rowsFrom(long)).error).to.include({ kind: "incomplete" })
    server.close()
    const short = await serveRaw(`${head}5\r\n\r\n[1,2,3]`)
    const { error } = await rowsFrom(short)
    expect(error).to.have.property("message").that.matches(/Looker sent more bytes than its answer announced|ended early/)
  })

  it("rejects an answer without length that is cut off", async () => {
    const url = await serveRaw("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[{\"id\":1},{\"id\":2")
    const { rows, error } = await rowsFrom(url)
    expect(rows).to.deep.equal([{ id: 1 }])
    expect(error).to.have.property("message").that.matches(/ended early.*after 1 row/)
  })

  it("rejects an answer whose chunks are cut off", async () => {
    const url = await serveRaw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1]\r\n")
    const { error } = await rowsFrom(url)
    expect(error).to.include({ kind: "incomplete", rowsDelivered: 1 })
  })

  it("rejects when nobody listens at the address", async () => {
    const url = await serve(() => undefined)
    await new Promise((resolve) => server.close(resolve))
    expect((await rowsFrom(url)).error).to.include({ kind: "connection" })
  })

  it("rejects when Looker does not begin to answer, or stops in the middle, or never ends", async () => {
    let answer: Answer = () => undefined
    const url = await serve((request, response) => { answer(request, response) })
    set({ ACTION_HUB_STREAM_FIRST_BYTE_TIMEOUT: "40" })
    expect((await rowsFrom(url)).error).to.include({ kind: "timeout" })
      .and.have.property("message").that.matches(/did not begin to answer within 40 ms/)

    sinon.restore()
    set({ ACTION_HUB_STREAM_REQUEST_TIMEOUT: "40", ACTION_HUB_STREAM_FIRST_BYTE_TIMEOUT: "9000" })
    answer = (_request, response) => response.write("[1,2,")
    const stalled = await rowsFrom(url)
    expect(stalled.rows).to.deep.equal([1, 2])
    expect(stalled.error).to.have.property("message").that.matches(/nothing came for 40 ms \(after 2 rows\)/)

    sinon.restore()
    set({ ACTION_HUB_STREAM_TOTAL_TIMEOUT: "60" })
    answer = (_request, response) => {
      response.write("[1")
      const drip = setInterval(() => response.write(" "), 5)
      response.on("close", () => { clearInterval(drip) })
    }
    expect((await rowsFrom(url)).error).to.have.property("message").that.matches(/longer than 60 ms in all/)
  })

  it("does not take its own holding back for a silence of Looker", async () => {
    set({ ACTION_HUB_STREAM_REQUEST_TIMEOUT: "60", ACTION_HUB_SPOOL: "off", ACTION_HUB_SPOOL_MEMORY_BYTES: "65536" })
    const long = `[${DOCUMENT.slice(1, -1).concat(",").repeat(400)}0]`
    const url = await serve((_request, response) => response.end(long))
    let rows = 0
    await streamRequest({ downloadUrl: url }, async (readable) => readJsonRows(readable, async () => {
      rows++
      await (rows === 10 ? new Promise((resolve) => { setTimeout(resolve, 250) }) : undefined)
    }))
    expect(rows).to.equal(800001)
  }).timeout(10000)

  for (const how of ["throws", "rejects", "destroys the stream"]) {
    it(`closes the connection at once when the callback ${how}`, async () => {
      const url = await serve((_request, response) => response.write(DOCUMENT))
      const boom = new Error("boom")
      const done = rejectionOf(streamRequest({ downloadUrl: url }, async (readable) => {
        await readJsonRows(readable, (row: { id: number }): void | Promise<void> => {
          if (row.id < 10) {
            return undefined
          }
          if (how === "throws") {
            throw boom
          }
          if (how === "destroys the stream") {
            readable.destroy(boom)
          }
          return Promise.reject(boom)
        })
      }))
      expect(await done).to.equal(boom)
      if (!open[0].destroyed) {
        await once(open[0], "close")
      }
    })
  }

  it("resolves with the callback's value when the callback has had enough and closes the stream", async () => {
    const url = await serve((_request, response) => response.write(DOCUMENT))
    expect(await streamRequest({ downloadUrl: url }, async (readable) => {
      for await (const chunk of readable) {
        return (chunk as Buffer).subarray(0, 1).toString()
      }
      return "nothing"
    })).to.equal("[")
  })

  it("waits for the whole transfer when the callback resolves early and pipes on", async () => {
    const url = await serve((_request, response) => {
      response.write(DOCUMENT)
      setTimeout(() => response.end(" "), 30)
    })
    const target = new PassThrough()
    const all = text(target)
    await streamRequest({ downloadUrl: url }, async (readable) => { readable.pipe(target) })
    expect(await all).to.equal(`${DOCUMENT} `)
  })

  it("rejects when the transfer fails although the callback never notices", async () => {
    const url = await serve((_request, response) => {
      response.write(DOCUMENT)
      setTimeout(() => response.destroy(), 20)
    })
    const error = await rejectionOf(streamRequest({ downloadUrl: url }, async (readable) => {
      readable.resume()
      return new Promise(() => undefined)
    }))
    expect(error).to.include({ kind: "incomplete" })
  })

  it("takes in a large download while the action has not yet taken a row", async () => {
    set({ ACTION_HUB_SPOOL_MEMORY_BYTES: "65536" })
    const long = `[${DOCUMENT.slice(1, -1).concat(",").repeat(200)}0]`
    let sent: () => void
    const allSent = new Promise<void>((resolve) => { sent = resolve })
    const url = await serve((_request, response) => response.end(long, () => { sent() }))
    let rows = 0
    await streamRequest({ downloadUrl: url }, async (readable) => readJsonRows(readable, async () => {
      rows++
      await (rows === 1 ? allSent : undefined)
    }))
    expect(rows).to.equal(400001)
  }).timeout(10000)

  it("leaves no file behind when the process is killed", async () => {
    const url = await serve((_request, response) => response.write(DOCUMENT.repeat(200)))
    const child = fork(path.join(__dirname, "stalled_reader.ts"), [url], {
      execArgv: ["-r", "ts-node/register/transpile-only"],
      env: { ...process.env, ACTION_HUB_SPOOL_DIRECTORY: directory, ACTION_HUB_SPOOL_MEMORY_BYTES: "65536" },
    })
    const [spooledBytes] = await once(child, "message") as [number]
    expect(spooledBytes).to.be.above(0)
    child.kill("SIGKILL")
    await once(child, "exit")
    expect(fs.readdirSync(directory)).to.deep.equal([])
  }).timeout(20000)
})
