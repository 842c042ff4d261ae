import { ChildProcess, spawn, spawnSync } from "child_process"
import * as fs from "fs"
import * as http from "http"
import * as https from "https"
import * as net from "net"
import * as os from "os"
import * as path from "path"
import { selfSigned } from "../support/self_signed"
import { read } from "./recipes"

/** A proxy that there is a recipe for. */
export interface ProxyKind {
  name: "nginx" | "Caddy"
  program: string
  /** nginx has a certificate of the tests; Caddy gets its own, which needs a public name, so here it has none. */
  send: typeof https.request
  /** Its recipe at a free port, before this hub; a time-out of 120 s takes `timeoutMs`. */
  configuration(place: ProxyPlace): { files: Record<string, string>, command: string[] }
}

interface ProxyPlace {
  directory: string
  port: number
  hubPort: number
  timeoutMs: number
}

/** The silence that the recipes allow a hub. */
const TIMEOUT = /\b120s/g

const NGINX: ProxyKind = {
  name: "nginx",
  program: "nginx",
  send: https.request,
  configuration: ({ directory, port, hubPort, timeoutMs }) => {
    const site = read("deploy/nginx/action-hub.conf")
      .replace("127.0.0.1:8080", `127.0.0.1:${hubPort}`).replace("listen 443", `listen 127.0.0.1:${port}`)
      .replace(/\/etc\/nginx\/tls\/actions\.example\.com/g, `${directory}/own`).replace(TIMEOUT, `${timeoutMs}ms`)
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
      .map((what) => `${what}_temp_path ${directory}/${what};`).join("\n")
    return {
      files: {
        "nginx.conf": `daemon off; master_process off; pid ${directory}/pid; error_log stderr;
          events {} http { access_log off; ${temporary} include ${directory}/site.conf; }`,
        "site.conf": site,
      },
      command: ["-p", directory, "-c", `${directory}/nginx.conf`],
    }
  },
}

const CADDY: ProxyKind = {
  name: "Caddy",
  program: "caddy",
  send: http.request,
  configuration: ({ directory, port, hubPort, timeoutMs }) => ({
    files: {
      Caddyfile: read("deploy/caddy/Caddyfile")
        .replace("{\n", `{\n\tadmin off\n\tauto_https off\n\tstorage file_system ${directory}\n`)
        .replace("{$HUB_HOST} {", `http://127.0.0.1:${port} {\n\tbind 127.0.0.1`)
        .replace("{$HUB_UPSTREAM}", `127.0.0.1:${hubPort}`).replace(TIMEOUT, `${timeoutMs}ms`),
    },
    command: ["run", "--config", `${directory}/Caddyfile`, "--adapter", "caddyfile"],
  }),
}

export const PROXIES: readonly ProxyKind[] = [NGINX, CADDY]

/** Whether this machine has the program. */
export function isInstalled({ program }: ProxyKind): boolean {
  return spawnSync(program, [program === "nginx" ? "-v" : "version"]).status === 0
}

/** A real proxy with the recipe's configuration on a free port of 127.0.0.1. */
export class ProxyUnderTest {
  private readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), "proxy-"))
  private readonly certificate = selfSigned("actions.example.com")
  private child: ChildProcess | undefined
  private port = 0
  private send = https.request
  private output = ""

  /** `timeoutMs` is what the recipe's time-outs of 120 s are here. */
  async start(kind: ProxyKind, hubPort: number, timeoutMs: number): Promise<void> {
    this.port = await freePort()
    this.send = kind.send
    const { directory, port } = this
    const { files, command } = kind.configuration({ directory, port, hubPort, timeoutMs })
    for (const [name, text] of Object.entries({
      ...files, "own.crt": this.certificate.cert, "own.key": this.certificate.key,
    })) {
      fs.writeFileSync(path.join(directory, name), text)
    }
    const child = spawn(kind.program, command, {
      stdio: ["ignore", "pipe", "pipe"], env: { PATH: process.env.PATH, HOME: directory },
    })
    this.child = child
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text: Buffer) => { this.output += text.toString() })
    }
    const kill = () => child.kill("SIGKILL")
    process.once("exit", kill)
    child.once("exit", () => process.removeListener("exit", kill))
    while (!await accepts(port)) {
      if (child.exitCode !== null) {
        throw new Error(`${kind.name} did not start:\n${this.output}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** Begins a request; its answer is not checked for who vouches for the certificate. */
  request(method: string, address: string, headers: Record<string, string>): ReturnType<typeof https.request> {
    return this.send({
      host: "127.0.0.1", port: this.port, method, path: address, headers, rejectUnauthorized: false, agent: false,
    })
  }

  async stop(): Promise<void> {
    const { child } = this
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      await new Promise((resolve) => {
        child.once("exit", resolve)
        child.kill("SIGKILL")
      })
    }
    fs.rmSync(this.directory, { recursive: true, force: true })
  }
}

async function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1")
    socket.once("connect", () => { socket.destroy(); resolve(true) })
    socket.once("error", () => resolve(false))
  })
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}
