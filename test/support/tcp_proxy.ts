import * as net from "net"

/** Stands between a client and a server, cuts their connections and delays what they say. */
export class TcpProxy {
  port = 0
  /** Ms by which everything is late, in either direction. */
  delayMs = 0
  /** When the last of what is on its way arrives. */
  private latestMs = 0
  private readonly sockets = new Set<net.Socket>()
  private readonly server = net.createServer((client) => this.connect(client))

  constructor(private readonly targetPort: number) {}

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, "127.0.0.1", resolve))
    this.port = (this.server.address() as net.AddressInfo).port
  }

  /** Cuts all connections; new ones are accepted. */
  cut(): void {
    this.sockets.forEach((socket) => socket.destroy())
    this.sockets.clear()
  }

  /** Cuts all connections, and accepts none until it is started again. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve))
    this.cut()
    await closed
  }

  private connect(client: net.Socket): void {
    const server = net.connect(this.targetPort, "127.0.0.1")
    this.pass(client, server)
    this.pass(server, client)
  }

  private pass(from: net.Socket, to: net.Socket): void {
    this.sockets.add(from)
    from.setNoDelay(true)
    from.on("data", (chunk) => {
      if (this.delayMs === 0) {
        to.write(chunk)
      } else {
        this.latestMs = performance.now() + this.delayMs + 1
        setTimeout(() => to.writable && to.write(chunk), this.delayMs)
      }
    })
    from.on("error", () => undefined)
    from.on("close", () => {
      this.sockets.delete(from)
      // What is late arrives all the same.
      setTimeout(() => to.destroy(), Math.max(0, this.latestMs - performance.now()))
    })
  }
}
