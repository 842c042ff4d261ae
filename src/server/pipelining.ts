import type { IncomingMessage, RequestListener, Server, ServerResponse } from "http"
import type { Socket } from "net"

/** The bytes that are read at once where they may contain requests. The smallest requests are some 35 bytes long. */
const SMALLEST_SLICE_BYTES = 2 * 1024
/** The bytes that are read at once where there seems to be a body. */
const LARGEST_SLICE_BYTES = 16 * 1024
/** The requests that may wait on a connection before no more of it is read. */
const MOST_WAITING = 16

/**
 * Has `handle` answer the server's requests. Requests of one connection come one after the other, with everybody else's
 * turn in between. Node itself would read a thousand requests that came in one piece, and have them all handled, before
 * it looks at another connection.
 */
export function takeTurns(server: Server, handle: RequestListener): void {
  const lines = new WeakMap<Socket, Line>()
  server.on("connection", (socket: Socket) => lines.set(socket, new Line(socket, handle)))
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const line = lines.get(request.socket)
    if (line === undefined) {
      handle(request, response)
    } else {
      line.add(request, response)
    }
  })
}

/** The requests of one connection that wait for the answers to earlier ones. */
class Line {

  private readonly waiting: Array<Parameters<RequestListener>> = []
  private isBusy = false

  /** Bytes that Node's parser has not received yet. */
  private held: Buffer = Buffer.alloc(0)
  private isFeeding = false
  private sliceBytes = SMALLEST_SLICE_BYTES
  private requestsInSlice = 0
  /** Node wants bytes from this connection. */
  private isWanted = true
  private readonly pause: () => Socket
  private readonly resume: () => Socket
  /** Node's own listener for bytes. */
  private parse: (bytes: Buffer) => void = () => undefined

  constructor(private readonly socket: Socket, private readonly handle: RequestListener) {
    this.pause = socket.pause.bind(socket)
    this.resume = socket.resume.bind(socket)
    const [parse, ...others] = socket.listeners("data") as Array<(bytes: Buffer) => void>
    if (parse !== undefined && others.length === 0) {
      this.standBefore(parse)
    }
  }

  add(...turn: Parameters<RequestListener>): void {
    this.requestsInSlice++
    this.waiting.push(turn)
    if (!this.isBusy) {
      this.next()
    }
  }

  private next(): void {
    const turn = this.waiting.shift()
    this.isBusy = turn !== undefined
    if (turn !== undefined) {
      turn[1].once("close", () => setImmediate(() => this.next()))
      this.handle(...turn)
    }
    this.feed()
  }

  /** Takes the connection's bytes in Node's place, and passes them on a slice at a time. */
  private standBefore(parse: (bytes: Buffer) => void): void {
    const { socket } = this
    this.parse = parse
    socket.removeListener("data", parse)
    socket.on("data", (bytes: Buffer) => {
      this.held = this.held.length === 0 ? bytes : Buffer.concat([this.held, bytes])
      this.feed()
    })
    socket.pause = () => {
      this.isWanted = false
      return this.pause()
    }
    socket.resume = () => {
      this.isWanted = true
      if (this.held.length > 0) {
        process.nextTick(() => this.feed())
        return socket
      }
      return this.resume()
    }
  }

  private feed(): void {
    if (this.isFeeding || this.held.length === 0) {
      return
    }
    this.isFeeding = true
    while (this.held.length > 0 && this.isWanted && this.waiting.length <= MOST_WAITING && !this.socket.destroyed) {
      const slice = this.held.subarray(0, this.sliceBytes)
      this.held = this.held.subarray(slice.length)
      this.requestsInSlice = 0
      this.parse.call(this.socket, slice)
      this.sliceBytes = this.requestsInSlice > 1 ? SMALLEST_SLICE_BYTES :
        Math.min(LARGEST_SLICE_BYTES, 2 * this.sliceBytes)
    }
    this.isFeeding = false
    if (this.held.length > 0) {
      this.pause()
    } else if (this.isWanted) {
      this.resume()
    }
  }

}
