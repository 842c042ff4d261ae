import * as http from "node:http"
import { AddressInfo, Socket } from "node:net"
import { OutageMode } from "../calls/fault_effects"

/** The time for which the port is tried again, in case somebody else has taken it meanwhile. */
const PORT_PATIENCE_MS = 5_000
const PORT_RETRY_MS = 20

/** The server's presence on one port. It can be away for a while, and comes back on that port. */
export class Outages {
  private mode: OutageMode | undefined
  private port = 0
  private host = ""
  private readonly sockets = new Set<Socket>()
  private closed = false

  constructor(private readonly server: http.Server) {
    // This comes before the listener of http.Server, which would begin to read.
    server.prependListener("connection", (socket: Socket) => {
      this.sockets.add(socket)
      socket.once("close", () => this.sockets.delete(socket))
      if (this.mode === "reset") {
        socket.resetAndDestroy()
      }
    })
  }

  /** Requests that arrive must be left without an answer. */
  get silences(): boolean {
    return this.mode !== undefined
  }

  /** Listens and returns the port. Rejects if it is taken. */
  async listen(port: number, host: string): Promise<number> {
    this.host = host
    await this.listenOnce(port)
    this.port = (this.server.address() as AddressInfo).port
    return this.port
  }

  /** Goes away: open connections are reset, and the mode decides about new ones. A second outage changes the mode. */
  async begin(mode: OutageMode): Promise<void> {
    const wasListening = this.server.listening
    this.mode = mode
    const closed = mode === "refuse" && wasListening
      ? new Promise<void>((resolve) => this.server.close(() => resolve())) : undefined
    this.resetConnections()
    await closed
    if (mode !== "refuse" && !wasListening) {
      await this.listenAgain()
    }
  }

  /** Comes back on the same port. Connections that were left in silence are reset. */
  async end(): Promise<void> {
    this.mode = undefined
    this.resetConnections()
    if (!this.server.listening) {
      await this.listenAgain()
    }
  }

  /** Resets every connection, idle ones included, as a restarted gateway does. */
  resetConnections() {
    this.sockets.forEach((socket) => socket.resetAndDestroy())
  }

  /** Closes for good. */
  async close(): Promise<void> {
    this.closed = true
    const closed = this.server.listening
      ? new Promise<void>((resolve) => this.server.close(() => resolve())) : undefined
    this.server.closeAllConnections()
    await closed
  }

  private async listenAgain(): Promise<void> {
    const until = Date.now() + PORT_PATIENCE_MS
    while (!this.closed) {
      try {
        await this.listenOnce(this.port)
        return
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || Date.now() > until) {
          throw error
        }
        await new Promise((resolve) => setTimeout(resolve, PORT_RETRY_MS))
      }
    }
  }

  private async listenOnce(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject)
      this.server.listen(port, this.host, 1024, () => {
        this.server.removeListener("error", reject)
        resolve()
      })
    })
  }
}
