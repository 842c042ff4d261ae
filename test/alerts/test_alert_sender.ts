import { expect } from "chai"
import * as crypto from "crypto"
import * as http from "http"
import { AddressInfo } from "net"
import { AlertBody } from "../../src/alerts/alert_body"
import { AlertSender } from "../../src/alerts/alert_sender"
import { NO_METRICS } from "../../src/hub/metrics"
import { eventually } from "../server/hub_under_test"

const SECRET = `whsec_${Buffer.from("a secret of the tests").toString("base64")}`

describe("The sender of alerts", () => {
  let received: { headers: http.IncomingHttpHeaders, body: string }[]
  let answers: (number | "none")[]
  let receiver: http.Server
  let sender: AlertSender

  beforeEach(async () => {
    received = []
    answers = []
    receiver = http.createServer((request, response) => {
      let body = ""
      request.setEncoding("utf8").on("data", (text: string) => { body += text }).on("end", () => {
        received.push({ headers: request.headers, body })
        const status = answers.shift() ?? 204
        if (status !== "none") {
          response.writeHead(status, status === 302 ? { location: "http://127.0.0.1:1/" } : {}).end()
        } else {
          request.socket.destroy()
        }
      })
    })
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve))
    const { port } = receiver.address() as AddressInfo
    sender = new AlertSender({ url: `http://127.0.0.1:${port}/`, secret: SECRET, mostPerHour: 20 }, [5, 5, 5])
  })
  afterEach(async () => {
    await sender.close(0)
    receiver.closeAllConnections()
    await new Promise((resolve) => receiver.close(resolve))
  })

  function alert(id: string): AlertBody {
    return { id, contentType: "application/json", text: `{"id":"${id}"}` }
  }

  it("signs what it sends, so that a receiver knows its sender and time", async () => {
    sender.send(alert("one"))
    await eventually(() => sender.counts.delivered === 1)
    const [{ headers, body }] = received
    const signed = `one.${String(headers["webhook-timestamp"])}.${body}`
    const key = Buffer.from(SECRET.slice("whsec_".length), "base64")
    expect(headers["webhook-id"]).to.equal("one")
    expect(headers["webhook-signature"])
      .to.equal(`v1,${crypto.createHmac("sha256", key).update(signed).digest("base64")}`)
    expect(Math.abs(Number(headers["webhook-timestamp"]) - Date.now() / 1000)).to.be.below(60)
  })

  it("counts alerts by what became of them, in the hub's metrics as well", async () => {
    const told: unknown[] = []
    const { port } = receiver.address() as AddressInfo
    const counting = new AlertSender({ url: `http://127.0.0.1:${port}/`, mostPerHour: 2 }, [], {
      ...NO_METRICS, count: (name, labels) => told.push({ name, ...labels }),
    })
    answers = [204, 500]
    ;["one", "two", "three"].forEach((id) => counting.send(alert(id)))
    await eventually(() => counting.counts.failed === 1)
    expect(told).to.deep.equal(["dropped", "delivered", "failed"].map((outcome) =>
      ({ name: "actionhub_alerts_total", outcome })))
    expect(counting.counts).to.deep.equal({ delivered: 1, failed: 1, dropped: 1 })
  })

  it("sends again, under the same id, until the receiver takes it", async () => {
    answers = [500, "none", 302]
    sender.send(alert("one"))
    await eventually(() => sender.counts.delivered === 1)
    expect(received.map(({ headers }) => headers["webhook-id"])).to.deep.equal(["one", "one", "one", "one"])
  })

  it("gives an alert up after its attempts, and goes on with the next", async () => {
    answers = [500, 500, 500, 500]
    sender.send(alert("one"))
    await eventually(() => sender.counts.failed === 1)
    sender.send(alert("two"))
    await eventually(() => sender.counts.delivered === 1)
    expect(received.map(({ headers }) => headers["webhook-id"]))
      .to.deep.equal(["one", "one", "one", "one", "two"])
  })

  it("lets an alert that waits for its repetition hold up no other", async () => {
    const { port } = receiver.address() as AddressInfo
    const patient = new AlertSender({ url: `http://127.0.0.1:${port}/`, mostPerHour: 20 }, [60_000])
    answers = [400]
    patient.send(alert("refused"))
    patient.send(alert("two"))
    patient.send(alert("three"))
    await eventually(() => patient.counts.delivered === 2)
    expect(received.map(({ headers }) => headers["webhook-id"])).to.deep.equal(["refused", "two", "three"])
    await patient.close(0)
    await eventually(() => patient.counts.failed === 1)
  })

  it("reads no more of an answer than its status", async () => {
    let isCutOff = false
    const endless = http.createServer((_request, response) => {
      response.writeHead(200).write("on and on")
      response.on("close", () => { isCutOff = true })
    })
    await new Promise<void>((resolve) => endless.listen(0, "127.0.0.1", resolve))
    const { port } = endless.address() as AddressInfo
    const talkedTo = new AlertSender({ url: `http://127.0.0.1:${port}/`, mostPerHour: 20 }, [], NO_METRICS, 60_000)
    talkedTo.send(alert("one"))
    talkedTo.send(alert("two"))
    await eventually(() => talkedTo.counts.delivered === 2 && isCutOff)
    endless.closeAllConnections()
    await new Promise((resolve) => endless.close(resolve))
  })

  it("gives a receiver that does not answer its time, and no more", async () => {
    const silent = http.createServer((_request, response) => {
      // Bytes that come now and then are no answer yet.
      const drip = setInterval(() => response.writeProcessing(), 5)
      response.on("close", () => clearInterval(drip))
    })
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve))
    const { port } = silent.address() as AddressInfo
    const waiting = new AlertSender({ url: `http://127.0.0.1:${port}/`, mostPerHour: 20 }, [1], NO_METRICS, 50)
    waiting.send(alert("one"))
    await eventually(() => waiting.counts.failed === 1)
    silent.closeAllConnections()
    await new Promise((resolve) => silent.close(resolve))
  })

  it("sends no more than so many in an hour", async () => {
    for (let index = 0; index < 30; index++) {
      sender.send(alert(`alert ${index}`))
    }
    await eventually(() => sender.counts.delivered === 20)
    expect(sender.counts.dropped).to.equal(10)
  })

  it("gives up what waits when the hub ends", async () => {
    const slow = new AlertSender({ url: "http://127.0.0.1:1/", mostPerHour: 20 }, [60_000])
    slow.send(alert("one"))
    await new Promise((resolve) => setTimeout(resolve, 50))
    await slow.close(100)
    await eventually(() => slow.counts.failed === 1)
  })
})
