import { expect } from "chai"
import * as dns from "dns"
import * as http from "http"
import * as net from "net"
import * as sinon from "sinon"
import * as tls from "tls"
import { exchange, MarketoHttpRequest, MarketoReply } from "../../src/actions/marketo/lib/api/http"
import { unsentReason } from "../../src/actions/marketo/lib/api/unsent_reason"
import { selfSigned } from "./support/self_signed"

const PATH = "/rest/v1/leads.json"
const PROXY_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"]

/** A server of any kind with its sockets, which end with the test. */
class Peer {
  readonly sockets: net.Socket[] = []
  /** All bytes that came, as text. */
  received = ""

  constructor(readonly server: net.Server) {
    server.on("connection", (socket: net.Socket) => {
      this.sockets.push(socket)
      socket.on("error", () => undefined)
    })
  }

  get port(): number {
    return (this.server.address() as net.AddressInfo).port
  }

  async listen(host = "127.0.0.1"): Promise<this> {
    await new Promise<void>((resolve) => { this.server.listen(0, host, resolve) })
    return this
  }

  close(): void {
    this.sockets.forEach((socket) => socket.destroy())
    this.server.close()
  }
}

describe("Calls by the phase in which they fail", () => {
  let peers: Peer[]
  let environment: { [name: string]: string | undefined }

  beforeEach(() => {
    peers = []
    environment = {}
    for (const name of PROXY_VARIABLES) {
      environment[name] = process.env[name]
      delete process.env[name]
    }
  })

  afterEach(() => {
    sinon.restore()
    peers.forEach((peer) => peer.close())
    for (const name of PROXY_VARIABLES) {
      delete process.env[name]
      if (environment[name] !== undefined) {
        process.env[name] = environment[name]
      }
    }
  })

  async function peer(server: net.Server, host?: string): Promise<Peer> {
    const started = await new Peer(server).listen(host)
    peers.push(started)
    return started
  }

  /** A TCP server that does so with each connection, or with what comes over it. */
  async function tcp(onConnection: (socket: net.Socket, self: Peer) => void): Promise<Peer> {
    const self: Peer = await peer(net.createServer((socket) => {
      socket.on("data", (bytes: Buffer) => { self.received += bytes.toString("latin1") })
      onConnection(socket, self)
    }))
    return self
  }

  async function call(url: string, more: Partial<MarketoHttpRequest> = {}): Promise<MarketoReply> {
    return exchange({ method: "POST", url: url + PATH, body: "{\"input\":[]}", timeoutMs: 5000, ...more })
  }

  function reasonOf(reply: MarketoReply): string {
    if (reply.kind !== "notSent") {
      throw new Error(`Expected a call that was not sent, got ${JSON.stringify(reply)}`)
    }
    expect(reply.explanation).to.match(/^Marketo could not be reached at [^ ]+: .+\.$/)
    return reply.explanation.replace(/^[^ ]+ could not be reached at [^ ]+: /, "")
  }

  /** Answers look-ups of any name with these addresses, or this error. */
  function answerLookups(answer: dns.LookupAddress[] | NodeJS.ErrnoException): void {
    sinon.stub(dns, "lookup").callsFake(((_name: string, options: dns.LookupAllOptions, callback: (
      error: NodeJS.ErrnoException | null, addresses?: dns.LookupAddress[] | string, family?: number) => void) => {
      process.nextTick(() => {
        if (answer instanceof Error) {
          callback(answer)
        } else if (options.all) {
          callback(null, answer)
        } else {
          callback(null, answer[0].address, answer[0].family)
        }
      })
    }) as unknown as typeof dns.lookup)
  }

  function errorWithCode(code: string): NodeJS.ErrnoException {
    return Object.assign(new Error(code), { code })
  }

  async function closedPort(): Promise<number> {
    const { server, port } = await new Peer(net.createServer()).listen()
    await new Promise<void>((resolve) => { server.close(() => resolve()) })
    return port
  }

  describe("name look-up", () => {
    it("of an unknown name: not sent, lastingly", async () => {
      answerLookups(errorWithCode("ENOTFOUND"))
      const reply = await call("http://nobody.example")
      expect(reasonOf(reply)).to.equal("its name is unknown.")
      expect(reply).to.include({ isLasting: true, advice: "Check the URL in the action's settings." })
    })

    for (const code of ["EAI_AGAIN", "EAI_FAIL", "ETIMEOUT", "ECONNRESET"]) {
      it(`that fails with ${code}: not sent, for the moment`, async () => {
        answerLookups(errorWithCode(code))
        const reply = await call("http://somebody.example")
        expect(reasonOf(reply)).not.to.equal("")
        expect(reply).to.include({ isLasting: false })
      })
    }

    it("that never ends: not sent, once the time for a connection is over", async () => {
      sinon.stub(dns, "lookup").callsFake(() => undefined)
      const reply = await call("http://somebody.example", { connectTimeoutMs: 30 })
      expect(reasonOf(reply)).to.equal("it does not answer.")
    })
  })

  describe("connect", () => {
    it("that is refused: not sent", async () => {
      expect(reasonOf(await call(`http://127.0.0.1:${await closedPort()}`))).to.equal(
        "nothing accepts connections there.")
    })

    it("to several addresses that all refuse: not sent, though the error of all has no words", async () => {
      const port = await closedPort()
      answerLookups([{ address: "127.0.0.1", family: 4 }, { address: "127.0.0.2", family: 4 }])
      const reply = await call(`http://two.example:${port}`)
      expect(reasonOf(reply)).to.equal("nothing accepts connections there.")
      expect(reply).to.include({ isLasting: false })
    })

    for (const code of ["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ECONNRESET", "EPIPE", "EWHATEVER"]) {
      it(`that fails with ${code}: not sent`, async () => {
        const agent = new http.Agent()
        const failing = Object.assign(agent, { createConnection: () => {
          const socket = new net.Socket()
          Object.defineProperty(socket, "connecting", { value: true })
          setImmediate(() => socket.destroy(errorWithCode(code)))
          return socket
        } })
        const request: (options: http.RequestOptions) => http.ClientRequest = http.request
        sinon.stub(http, "request").callsFake((options) =>
          request({ ...options as http.RequestOptions, agent: failing }))
        expect(reasonOf(await call("http://127.0.0.1:9"))).not.to.equal("")
      })
    }

    it("that is not accepted in time: not sent", async () => {
      // An address that is for documentation only (RFC 5737) is routed nowhere, or refused as unreachable.
      expect(reasonOf(await call("http://192.0.2.1:81", { connectTimeoutMs: 40 }))).not.to.equal("")
    })

    it("of several errors: tells each reason once", () => {
      const errors = ["ETIMEDOUT", "ECONNREFUSED", "ETIMEDOUT"].map(errorWithCode)
      const gathered = Object.assign(new Error(""), { code: "ETIMEDOUT", errors })
      const { text, isLasting } = unsentReason(gathered, "connecting")
      expect([text, isLasting]).to.deep.equal(["it does not answer; nothing accepts connections there", false])
    })
  })

  describe("securing the connection", () => {
    it("with a certificate that nobody vouches for: not sent, lastingly, and no byte goes out", async () => {
      let told = 0
      const { server } = await peer(tls.createServer(selfSigned("127.0.0.1"), (socket) => {
        socket.on("data", () => { told++ })
        socket.on("error", () => undefined)
      }))
      const reply = await call(`https://127.0.0.1:${(server.address() as net.AddressInfo).port}`)
      expect(reasonOf(reply)).to.equal("its certificate is self-signed.")
      expect(reply).to.include({ isLasting: true })
      expect(told).to.equal(0)
    })

    it("that the other end breaks off: not sent", async () => {
      const { port } = await tcp((socket) => socket.once("data", () => socket.resetAndDestroy()))
      const reply = await call(`https://127.0.0.1:${port}`)
      expect(reasonOf(reply)).to.equal("the connection was closed while it was being secured.")
      expect(reply).to.include({ isLasting: false })
    })

    it("that the other end closes at once: not sent", async () => {
      const { port } = await tcp((socket) => socket.end())
      expect((await call(`https://127.0.0.1:${port}`)).kind).to.equal("notSent")
    })

    it("that never ends: not sent", async () => {
      const { port } = await tcp(() => undefined)
      for (const limit of [{ connectTimeoutMs: 40 }, { timeoutMs: 40 }]) {
        expect(reasonOf(await call(`https://127.0.0.1:${port}`, limit))).to.equal("it does not answer.")
      }
    })

    it("with a server that speaks no TLS: not sent, lastingly", async () => {
      const { port } = await tcp((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"))
      const reply = await call(`https://127.0.0.1:${port}`)
      expect([reasonOf(reply) !== "", reply.kind === "notSent" && reply.isLasting]).to.deep.equal([true, true])
    })
  })

  describe("a proxy that is asked for a tunnel", () => {
    async function callThroughProxy(
      onConnect: (socket: net.Socket) => void, more: Partial<MarketoHttpRequest> = {},
    ): Promise<MarketoReply> {
      const proxy = http.createServer()
      proxy.on("connect", (_request, socket: net.Socket) => onConnect(socket))
      process.env.HTTPS_PROXY = `http://user:secret@127.0.0.1:${(await peer(proxy)).port}`
      const reply = await call("https://123-abc-456.mktorest.example", more)
      expect(JSON.stringify((reply as { explanation?: string }).explanation)).not.to.contain("secret")
      return reply
    }

    const refusals: Array<[number, RegExp, boolean]> = [
      [403, /does not let it through \(HTTP 403\)/, true], [407, /wants a user name and password \(HTTP 407\)/, true],
      [502, /gave no connection \(HTTP 502\)/, false], [503, /HTTP 503/, false], [504, /HTTP 504/, false],
      [302, /HTTP 302/, false],
    ]
    for (const [status, expected, isLasting] of refusals) {
      it(`and refuses with ${status}: not sent${isLasting ? ", lastingly" : ""}`, async () => {
        const reply = await callThroughProxy(
          (socket) => socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`))
        expect(reasonOf(reply)).to.match(/^the proxy that the hub uses /).and.match(expected)
        expect(reply).to.include({ isLasting })
      })
    }

    it("and breaks off: not sent", async () => {
      expect(reasonOf(await callThroughProxy((socket) => socket.resetAndDestroy()))).to.match(/^the proxy that the hub/)
    })

    it("and says nothing: not sent, once the time for a connection is over", async () => {
      const reply = await callThroughProxy(() => undefined, { connectTimeoutMs: 40 })
      expect(reasonOf(reply)).to.equal("it does not answer.")
    })

    it("and cannot be reached: not sent", async () => {
      process.env.HTTPS_PROXY = `http://127.0.0.1:${await closedPort()}`
      expect(reasonOf(await call("https://123-abc-456.mktorest.example"))).to.equal(
        "the proxy that the hub uses cannot be reached (nothing accepts connections there).")
    })

    it("and opens one to a server with a certificate that nobody vouches for: not sent", async () => {
      const target = await peer(tls.createServer(selfSigned("127.0.0.1")))
      const reply = await callThroughProxy((socket) => {
        const onward = net.connect(target.port, "127.0.0.1", () => {
          socket.write("HTTP/1.1 200 OK\r\n\r\n")
          socket.pipe(onward).pipe(socket)
        })
        onward.on("error", () => socket.destroy())
        socket.on("error", () => onward.destroy())
      })
      expect(reasonOf(reply)).to.equal("its certificate is self-signed.")
    })

    it("and opens one that breaks while it is secured: not sent", async () => {
      const reply = await callThroughProxy((socket) => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n")
        socket.once("data", () => socket.resetAndDestroy())
      })
      expect(reply.kind).to.equal("notSent")
    })
  })

  describe("once the request has begun to go out", () => {
    it("a reset before any of it is read: lost", async () => {
      const { port } = await tcp((socket) => socket.once("data", () => socket.resetAndDestroy()))
      expect((await call(`http://127.0.0.1:${port}`)).kind).to.equal("lost")
    })

    it("a reset within the answer: lost", async () => {
      const { port } = await tcp((socket) => socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", () => socket.resetAndDestroy())
      }))
      expect((await call(`http://127.0.0.1:${port}`)).kind).to.equal("lost")
    })

    it("an end of a large body that is still being sent: lost", async () => {
      const { port } = await tcp((socket) => socket.once("data", () => socket.destroy()))
      const reply = await call(`http://127.0.0.1:${port}`, { body: "x".repeat(5000000) })
      expect(reply.kind).to.equal("lost")
    })

    const codes = ["EHOSTUNREACH", "ENETUNREACH", "ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND"]
    for (const code of codes) {
      it(`${code}: lost, whatever it means elsewhere`, async () => {
        let outgoing: http.ClientRequest | undefined
        const request: (options: http.RequestOptions) => http.ClientRequest = http.request
        sinon.stub(http, "request").callsFake(((options: http.RequestOptions) => {
          outgoing = request(options)
          return outgoing
        }) as typeof http.request)
        const { port } = await tcp((socket) => socket.once("data", () => {
          outgoing?.socket?.destroy(Object.assign(errorWithCode(code), { errors: [errorWithCode("ECONNREFUSED")] }))
        }))
        expect((await call(`http://127.0.0.1:${port}`)).kind).to.equal("lost")
      })
    }

    it("an answer over https that never comes: lost", async () => {
      const certificate = selfSigned("localhost")
      const { port } = await peer(tls.createServer(certificate, (socket) => socket.on("error", () => undefined)))
      const connect: (options: tls.ConnectionOptions) => tls.TLSSocket = tls.connect
      sinon.stub(tls, "connect").callsFake(((options: tls.ConnectionOptions) =>
        connect({ ...options, rejectUnauthorized: false })) as typeof tls.connect)
      const departures: number[] = []
      const reply = await call(`https://127.0.0.1:${port}`, {
        timeoutMs: 300, onDeparted: () => { departures.push(1) },
      })
      expect([reply.kind, departures.length]).to.deep.equal(["lost", 1])
    })

    it("a call over a connection that was kept open: lost, even when the other end reads nothing of it", async () => {
      let calls = 0
      const { port } = await peer(http.createServer((request, response) => {
        calls++
        if (calls === 1) {
          response.end("{}")
        } else {
          request.socket.resetAndDestroy()
        }
      }))
      expect((await call(`http://127.0.0.1:${port}`)).kind).to.equal("answer")
      expect((await call(`http://127.0.0.1:${port}`)).kind).to.equal("lost")
    })

    it("it is said once, before anything can have been executed", async () => {
      const events: string[] = []
      const { port } = await peer(http.createServer((_request, response) => {
        events.push("received")
        response.end("{}")
      }))
      await call(`http://127.0.0.1:${port}`, {
        onDeparted: () => { events.push("departed") }, onSent: () => { events.push("sent") },
      })
      expect(events).to.deep.equal(["departed", "sent", "received"])
    })
  })
})
