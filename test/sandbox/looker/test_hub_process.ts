import * as chai from "chai"
import * as chaiAsPromised from "chai-as-promised"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"

import { HubProcess } from "../../../sandbox/demo/hub_process"

chai.use(chaiAsPromised)
const { expect } = chai

describe("the demo's hub process", () => {
  let folder: string
  let hub: HubProcess | undefined

  const start = async (code: string, settings?: Record<string, string>): Promise<HubProcess> => {
    const bootFile = path.join(folder, "boot.js")
    fs.writeFileSync(bootFile, code)
    hub = await HubProcess.start(settings, bootFile)
    return hub
  }

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "hub-process-"))
  })

  afterEach(async () => {
    await hub?.stop()
    hub = undefined
    fs.rmSync(folder, { recursive: true })
  })

  const answering = `require("http").createServer((request, response) => response.end(JSON.stringify({
    path: request.url, secret: process.env.ACTION_HUB_SECRET, base: process.env.ACTION_HUB_BASE_URL,
    speed: process.env.MARKETO_SANDBOX_SPEED, home: process.env.HOME,
  }))).listen(process.env.PORT, "127.0.0.1")`

  it("is ready once the hub answers, with its settings given by the environment and nobody's own in it", async () => {
    const { url, secret } = await start(answering, { MARKETO_SANDBOX_SPEED: "5" })
    const answer = await (await fetch(`${url}/status`)).json() as object
    expect(answer).to.deep.equal({ path: "/status", secret, base: url, speed: "5" })
    expect(secret).to.match(/^[0-9a-f]{64}$/)
  })

  it("listens no more once it is stopped, and may be stopped again", async () => {
    const { url } = await start(answering)
    await hub?.stop()
    await expect(fetch(`${url}/status`)).to.be.rejected
    await hub?.stop()
  })

  it("tells what the hub said when it ends instead of starting", async () => {
    await expect(start("console.error('PORT is not a number'); process.exitCode = 3"))
      .to.be.rejectedWith("The hub ended with exit code 3. Its output:\nPORT is not a number")
  })

  it("says what to do when the hub is not compiled", async () => {
    await expect(HubProcess.start({}, path.join(folder, "missing.js"))).to.be.rejectedWith("npm run build")
  })
})
