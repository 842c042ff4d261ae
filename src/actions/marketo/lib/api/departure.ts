import * as http from "http"
import { Socket } from "net"
import { TLSSocket } from "tls"

/** Stage of a request on its way out. */
export type DepartureStage =
  /** No connection yet: the name is looked up, the host or the proxy is being connected to, a tunnel is asked for. */
  "connecting" |
  /** Connected; the connection is being secured, and the other end's certificate is looked at. */
  "securing" |
  /** The request has begun to go out: from here on it may have been executed. */
  "departed"

/**
 * Follows one request until it begins to go out. Nothing of a request leaves before its connection stands and, for
 * https, is secured with a certificate that is accepted: until then it surely was not executed, and from then on that
 * is open, whatever error comes.
 */
export class Departure {
  private reached: DepartureStage = "connecting"

  constructor(private readonly onDeparted: () => void) {}

  get stage(): DepartureStage {
    return this.reached
  }

  /** To be called with the request before its connection is assigned. */
  follow(request: http.ClientRequest): void {
    request.once("socket", (socket: Socket) => this.followSocket(socket))
  }

  private followSocket(socket: Socket): void {
    const secured = socket as Partial<TLSSocket> & { secureConnecting?: boolean }
    if (secured.encrypted === true && (socket.connecting || secured.secureConnecting === true)) {
      this.reached = socket.connecting ? "connecting" : "securing"
      socket.once("connect", () => { this.reached = "securing" })
      socket.once("secureConnect", () => this.depart())
    } else if (socket.connecting) {
      socket.once("connect", () => this.depart())
    } else {
      this.depart()
    }
  }

  private depart(): void {
    if (this.reached !== "departed") {
      this.reached = "departed"
      this.onDeparted()
    }
  }
}
