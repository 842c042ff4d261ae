/**
 * Starts a hub, sends it a request of each kind, and prints as JSON what it opened, looked at or loaded from files
 * for them: once for the first requests of each kind, which is when what is loaded lazily would be.
 */
import * as fs from "fs"
import * as http from "http"
import type { AddressInfo } from "net"
import * as zlib from "zlib"

process.env.ACTION_HUB_BASE_URL = "https://hub.example.com"
process.env.ACTION_HUB_LABEL = "Hub"
process.env.ACTION_HUB_SECRET = "secret"

import "../../../src/actions"
import { readSettings } from "../../../src/hub/settings"
import { fromNonce } from "../../../src/server/api_key"
import Server from "../../../src/server/server"
import { serverSettings } from "../../../src/server/server_settings"

const FUNCTIONS = ["openSync", "open", "readFileSync", "readFile", "createReadStream", "statSync", "stat", "lstat",
  "readdirSync", "existsSync", "accessSync"] as const

function watchFiles(found: string[]): void {
  const functions = fs as unknown as Record<string, (...args: unknown[]) => unknown>
  for (const name of FUNCTIONS) {
    const original = functions[name]
    Object.defineProperty(fs, name, { value: (...args: unknown[]) => {
      found.push(`${name} ${String(args[0])}`)
      return original(...args)
    } })
  }
}

async function main(): Promise<void> {
  const server = new Server({ settings: { ...readSettings(serverSettings), port: 0, host: "127.0.0.1" } })
  const { port } = (await server.start()).address() as AddressInfo
  const key = `Token token="${fromNonce("n")}"`

  const ask = async (method: string, path: string, body?: string | Buffer, headers: http.OutgoingHttpHeaders = {}) =>
    new Promise<void>((resolve, reject) => {
      const all = { "authorization": key, "content-type": "application/json", ...headers }
      const request = http.request({ host: "127.0.0.1", port, method, path, headers: all }, (response) => {
        response.resume().on("end", resolve)
      })
      request.on("error", reject)
      request.end(body)
    })
  // Our own side of the connection may load what it likes.
  await new Promise<void>((resolve) => {
    const other = http.createServer((_request, response) => response.end()).listen(0, "127.0.0.1", () => {
      http.get({ port: (other.address() as AddressInfo).port, host: "127.0.0.1" }, (response) => {
        response.resume().on("end", () => other.close(() => resolve()))
      })
    })
  })
  zlib.gzipSync("{}")

  const found: string[] = []
  watchFiles(found)
  const loadedBefore = new Set(Object.keys(require.cache))
  for (const path of ["/", "/status", "/index.html", "/nope", "/%E0%A4%A", "/actions/marketo/oauth"]) {
    await ask("GET", path)
  }
  const attachment = { mimetype: "application/json", data: "[1]" }
  const body = JSON.stringify({ type: "query", data: { a: "b" }, attachment })
  for (const path of ["/", "/actions/marketo", "/actions/marketo/form", "/actions/marketo/execute", "/actions/nope"]) {
    await ask("POST", path, body)
    await ask("POST", path, "{broken")
    await ask("POST", path, zlib.gzipSync(body), { "content-encoding": "gzip" })
    await ask("POST", path, zlib.brotliCompressSync(body), { "content-encoding": "br" })
    await ask("POST", path, body, { authorization: "none" })
    await ask("POST", path, body, { "content-type": "application/json; charset=utf-16" })
  }
  found.push(...Object.keys(require.cache).filter((name) => !loadedBefore.has(name)).map((name) => `loaded ${name}`))
  process.stdout.write(JSON.stringify(found), () => process.exit(0))
}

void main()
