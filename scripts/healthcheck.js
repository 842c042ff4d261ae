"use strict"

// For a container's health check, where there is neither a shell nor curl: exit code 0 if the hub on this machine
// serves (GET /livez), 1 if it does not. It is told nothing but what the hub itself is told.

const http = require("http")

/** Less than the time-out of the check, so that the reason is heard. */
const LIMIT_MS = 4000

const host = process.env.ACTION_HUB_HOST?.trim() || "127.0.0.1"
const isEverywhere = ["0.0.0.0", "::"].includes(host)

const request = http.get({
  host: isEverywhere ? "127.0.0.1" : host, port: process.env.PORT?.trim() || "8080", path: "/livez",
  timeout: LIMIT_MS, agent: false,
}, (response) => {
  response.resume()
  end(response.statusCode === 200 ? 0 : 1, `The hub answers ${response.statusCode}.`)
})
request.on("timeout", () => end(1, `The hub does not answer within ${LIMIT_MS / 1000} seconds.`))
request.on("error", ({ code, message }) => end(1, `The hub cannot be reached (${code ?? message}).`))

function end(exitCode, sentence) {
  console.log(sentence)
  process.exit(exitCode)
}
