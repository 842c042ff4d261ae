import { expect } from "chai"
import * as http from "http"
import * as net from "net"
import type { AddressInfo } from "net"

import { takeTurns } from "../../src/server/pipelining"

describe("Requests that come pipelined", () => {
  let server: http.Server
  let port: number
  /** Requests that Node has read, and paths of those that were handled. */
  let read: number
  let handled: string[]
  let handle: http.RequestListener

  beforeEach(async () => {
    read = 0
    handled = []
    handle = (_request, response) => response.end("done")
    server = http.createServer()
    server.on("request", () => read++)
    takeTurns(server, (request, response) => {
      handled.push(request.url ?? "")
      handle(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    port = (server.address() as AddressInfo).port
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  function pipelined(count: number, last = "Connection: close\r\n"): string {
    const begin = "GET /many HTTP/1.1\r\nHost: hub\r\n"
    return `${begin}\r\n`.repeat(count - 1) + `${begin}${last}\r\n`
  }

  async function answersTo(text: string | Buffer): Promise<string> {
    const socket = net.connect(port, "127.0.0.1")
    const chunks: Buffer[] = []
    socket.on("data", (chunk: Buffer) => chunks.push(chunk))
    socket.write(text)
    await new Promise((resolve) => socket.once("close", resolve))
    return Buffer.concat(chunks).toString("latin1")
  }

  it("are all answered, in their order", async () => {
    handle = (_request, response) => response.end(`number ${handled.length}.`)
    const answers = await answersTo(pipelined(2000))
    expect(Array.from(answers.matchAll(/number (\d+)\./g), ([, number]) => Number(number)))
      .to.deep.equal(Array.from({ length: 2000 }, (_, index) => index + 1))
  })

  it("leave others their turn: of ten thousand on ten connections few are handled before another's one", async () => {
    const flood = Promise.all(Array.from({ length: 10 }, async () => answersTo(pipelined(1000))))
    while (handled.length === 0) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    const before = handled.length
    await answersTo("GET /other HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n")
    expect(handled.indexOf("/other") - before).to.be.lessThan(1000)
    await flood
    expect(handled.filter((path) => path === "/many")).to.have.length(10_000)
  })

  it("are not even read while many wait", async () => {
    const held: Array<() => void> = []
    handle = (_request, response) => held.push(() => response.end())
    const socket = net.connect(port, "127.0.0.1")
    socket.on("error", () => undefined)
    socket.write(pipelined(20_000))
    while (read === 0) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    for (let turn = 0; turn < 50; turn++) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(handled).to.have.length(1)
    expect(read).to.be.lessThan(100)
    socket.destroy()
  })

  it("may have bodies, of any size, between them", async () => {
    handle = (request, response) => {
      let bytes = 0
      request.on("data", (chunk: Buffer) => { bytes += chunk.length })
      request.on("end", () => response.end(`${bytes} bytes.`))
    }
    const post = (size: number, more = "") => Buffer.concat([
      Buffer.from(`POST /many HTTP/1.1\r\nHost: hub\r\n${more}Content-Length: ${size}\r\n\r\n`),
      Buffer.alloc(size, "x"),
    ])
    const sizes = [0, 1, 8191, 8192, 100_000, 3, 2_000_000]
    const last = post(5, "Connection: close\r\n")
    const answers = await answersTo(Buffer.concat([...sizes.map((size) => post(size)), last]))
    expect(Array.from(answers.matchAll(/(\d+) bytes\./g), ([, bytes]) => Number(bytes))).to.deep.equal([...sizes, 5])
  })

  it("are as they are for clients that take their time, and that go away", async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    for (let round = 0; round < 20; round++) {
      const status = await new Promise((resolve, reject) => {
        http.get({ host: "127.0.0.1", port, path: "/one", agent }, (response) => {
          response.resume().on("end", () => resolve(response.statusCode))
        }).on("error", reject)
      })
      expect(status).to.equal(200)
    }
    agent.destroy()
    handle = () => undefined
    const socket = net.connect(port, "127.0.0.1", () => socket.write(pipelined(100)))
    while (handled.length < 21) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    await new Promise((resolve) => socket.once("close", resolve).destroy())
    handle = (_request, response) => response.end("done")
    expect(await answersTo(pipelined(1))).to.include("200 OK")
  })
})
