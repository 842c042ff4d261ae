import * as http from "http"
import { AddressInfo, connect, Socket } from "net"

export interface HttpProxyOptions {
  /** Refuses everything with this status. */
  refusesWith?: number
  /** `user:password` that it wants. */
  credentials?: string
  /** Takes connections and never answers. */
  isSilent?: boolean
}

/** A proxy as companies have them, on 127.0.0.1: forwards http requests, and opens tunnels for CONNECT. */
export class HttpProxy {
  static async start(options: HttpProxyOptions = {}): Promise<HttpProxy> {
    const proxy = new HttpProxy(options)
    await new Promise<void>((resolve) => { proxy.server.listen(0, "127.0.0.1", resolve) })
    return proxy
  }

  /** Method and target of every request, in order of arrival. */
  readonly requests: string[] = []
  /** Connections from clients that are open. */
  readonly open = new Set<Socket>()

  private readonly server = http.createServer((request, response) => { this.forward(request, response) })

  private constructor(private readonly options: HttpProxyOptions) {
    this.server.on("connection", (socket: Socket) => {
      this.open.add(socket)
      socket.on("error", () => undefined)
      socket.once("close", () => { this.open.delete(socket) })
    })
    this.server.on("connect", (request, socket: Socket, head) => { this.tunnel(request, socket, head) })
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** Its address for HTTP_PROXY, with what it wants as user and password. */
  get url(): string {
    return `http://${this.options.credentials === undefined ? "" : `${this.options.credentials}@`}${this.host}`
  }

  async stop(): Promise<void> {
    this.open.forEach((socket) => socket.destroy())
    await new Promise((resolve) => this.server.close(resolve))
  }

  private forward(request: http.IncomingMessage, response: http.ServerResponse) {
    const status = this.refusal(request)
    if (this.options.isSilent === true) {
      return
    }
    if (status !== undefined) {
      response.writeHead(status).end("<html>A page of the proxy</html>")
      return
    }
    const { method, headers } = request
    const forwarded = http.request(request.url ?? "", { method, headers, agent: false })
    forwarded.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    forwarded.on("error", () => { response.destroy() })
    response.on("close", () => { forwarded.destroy() })
    request.pipe(forwarded)
  }

  private tunnel(request: http.IncomingMessage, socket: Socket, head: Buffer) {
    const status = this.refusal(request)
    if (this.options.isSilent === true) {
      socket.resume().once("end", () => socket.destroy())
      return
    }
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nContent-Type: text/html\r\n\r\n<html>A page of the proxy</html>`)
      return
    }
    const [host, port] = (request.url ?? "").split(":")
    const target = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n")
      target.write(head)
      target.pipe(socket).pipe(target)
    })
    target.on("error", () => { socket.destroy() })
    socket.on("close", () => { target.destroy() })
  }

  private refusal(request: http.IncomingMessage): number | undefined {
    this.requests.push(`${request.method} ${request.url}`)
    const { refusesWith, credentials } = this.options
    const given = request.headers["proxy-authorization"]
    const isKnown = credentials === undefined || given === `Basic ${Buffer.from(credentials).toString("base64")}`
    return refusesWith ?? (isKnown ? undefined : 407)
  }
}
