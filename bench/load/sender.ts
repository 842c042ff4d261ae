/**
 * What loads the hub, as a process of its own, so that what it costs is in none of the figures. Arguments: the hub's
 * URL, an API key, the load's name, and its size. Prints what the answers were.
 */
import * as http from "http"
import * as net from "net"
import { once } from "events"
import { createGzip } from "zlib"

const MEGABYTE = 1024 * 1024
const [url, key, load, size] = process.argv.slice(2)
const { hostname, port } = new URL(url)

const LOADS: Record<string, (size: number) => Promise<string>> = {
  pushText: async (megabytes) => push(megabytes, "application/json", "{\\\"a\\\":\\\"b\\\"},\\n"),
  pushBase64: async (megabytes) => push(megabytes, "application/pdf;base64", "UERGIGFuZCBzbyBvbiwg"),
  bomb: async (megabytes) => bomb(megabytes),
  pipeline: async (requests) => pipeline("/status", requests, 10),
  pipelinePage: async (requests) => pipeline("/", requests, 10),
  refused: async (megabytes) => refused(megabytes),
}

/** Posts an execution, its body written piece by piece; resolves with status and the answer's beginning. */
async function execute(
  headers: http.OutgoingHttpHeaders, write: (send: (piece: Buffer | string) => Promise<void>) => Promise<void>,
): Promise<string> {
  const request = http.request({
    host: hostname, port, method: "POST", path: "/actions/marketo/execute",
    headers: { "authorization": `Token token="${key}"`, "content-type": "application/json", ...headers },
  })
  const answered = new Promise<string>((resolve) => {
    request.on("response", (response) => {
      let body = ""
      response.on("data", (chunk: Buffer) => { body += chunk.toString() })
      response.on("end", () => resolve(`${response.statusCode} ${body.trim().slice(0, 200)}`))
      response.on("error", () => resolve(`${response.statusCode} broken off`))
    })
    request.on("error", (error) => resolve(`no answer: ${error.message}`))
  })
  const isAnswered = answered.then(() => "answered")
  await write(async (piece) => {
    if (!request.destroyed && !request.write(piece)) {
      await Promise.race([once(request, "drain"), isAnswered])
    }
  })
  request.end()
  return answered
}

async function push(megabytes: number, mimetype: string, text: string): Promise<string> {
  const piece = text.repeat(Math.floor(64 * 1024 / text.length))
  return execute({ "transfer-encoding": "chunked" }, async (send) => {
    const data = { url: "https://example.com", clientID: "id", clientSecret: "secret" }
    await send(`{"type":"query","form_params":{"lookupField":"email"},"data":${JSON.stringify(data)},
      "attachment":{"mimetype":"${mimetype}","extension":"json","data":"`)
    for (let sent = 0; sent + piece.length < megabytes * MEGABYTE; sent += piece.length) {
      await send(piece)
    }
    await send("\"}}")
  })
}

/** Brackets that unpack to so many megabytes. */
async function bomb(megabytes: number): Promise<string> {
  const gzip = createGzip({ level: 9 })
  const chunks: Buffer[] = []
  gzip.on("data", (chunk: Buffer) => chunks.push(chunk))
  gzip.write("{\"data\":{\"a\":")
  const brackets = Buffer.alloc(MEGABYTE, "[")
  for (let written = 0; written < megabytes; written++) {
    if (!gzip.write(brackets)) {
      await once(gzip, "drain")
    }
  }
  gzip.end()
  await once(gzip, "end")
  const startedAt = performance.now()
  const answer = await execute({ "content-encoding": "gzip" }, async (send) => send(Buffer.concat(chunks)))
  return `after ${(performance.now() - startedAt).toFixed(0)} ms: ${answer}`
}

/** Sends so many requests at once on each of some connections, and reads all answers. */
async function pipeline(path: string, requests: number, connections: number): Promise<string> {
  const counts = await Promise.all(Array.from({ length: connections }, async () => {
    const socket = net.connect(Number(port), hostname)
    socket.write(`GET ${path} HTTP/1.1\r\nHost: hub\r\n\r\n`.repeat(requests - 1) +
      `GET ${path} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n`)
    let answers = 0
    let tail = ""
    socket.on("data", (chunk: Buffer) => {
      const text = tail + chunk.toString("latin1")
      answers += text.split("HTTP/1.1 200").length - 1
      tail = text.slice(-11)
    })
    await once(socket, "close")
    return answers
  }))
  return `${counts.reduce((sum, count) => sum + count, 0)} answers`
}

/** A hundred bodies of so many megabytes without a key, on connections that close, one after the other. */
async function refused(megabytes: number): Promise<string> {
  const piece = Buffer.alloc(MEGABYTE, "x")
  let arrived = 0
  for (let round = 0; round < 100; round++) {
    const answer = await execute({
      authorization: "none", connection: "close", "content-length": megabytes * MEGABYTE,
    }, async (send) => {
      for (let sent = 0; sent < megabytes; sent++) {
        await send(piece)
      }
    })
    arrived += answer.startsWith("403") ? 1 : 0
  }
  return `${arrived} of 100 answers arrived`
}

LOADS[load](Number(size)).then((outcome) => {
  process.stdout.write(outcome)
}, (error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
