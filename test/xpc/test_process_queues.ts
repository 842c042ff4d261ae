import { expect } from "chai"
import * as childProcess from "node:child_process"
import * as events from "node:events"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import * as sinon from "sinon"
import * as ts from "typescript"
import * as winston from "winston"

import * as Hub from "../../src/hub"
import { EmbeddedHome } from "../../src/hub/coordination/embedded_home"
import { readSettings } from "../../src/hub/settings"
import { ExecuteProcessQueue } from "../../src/xpc/execute_process_queue"
import { type ExecutionSettings, executionSettings } from "../../src/xpc/execution_settings"
import { ExtendedProcessQueue } from "../../src/xpc/extended_process_queue"
import type { PooledProcessQueue } from "../../src/xpc/pooled_process_queue"
import type { RunReply } from "../../src/xpc/process_messages"
import { WorkerProcess } from "../../src/xpc/worker_process"

describe("the queues of execute processes", function() {
  this.timeout(60000)

  const settings: ExecutionSettings = {
    ...readSettings(executionSettings, {}),
    runsPerProcess: 25,
    stopGraceMs: 300,
    memoryMb: 400,
  }
  const open: PooledProcessQueue[] = []
  const log = sinon.createSandbox()
  let folder: string
  let program: string
  let queue: ExecuteProcessQueue
  let extended: ExtendedProcessQueue

  /** Sends a request for the probe action the way the hub does: as JSON. */
  async function probe(
    formParams: Hub.ParamMap,
    on: PooledProcessQueue = queue,
    attachment?: Buffer,
  ): Promise<RunReply> {
    const request = new Hub.ActionRequest()
    request.actionId = "probe"
    request.webhookId = "webhook 1"
    request.formParams = formParams
    if (attachment !== undefined) {
      request.attachment = { dataBuffer: attachment }
    }
    return await on.run(JSON.stringify(request)) as unknown as RunReply
  }

  async function processIdOf(on: PooledProcessQueue): Promise<number> {
    return Number((await probe({ behaviour: "processId" }, on)).message)
  }

  function startHub(...args: string[]): childProcess.ChildProcess {
    const program = path.join(folder, "compiled/test/xpc/small_hub.js")
    return childProcess.fork(program, args, { execArgv: [], stdio: ["ignore", "ignore", "ignore", "ipc"] })
  }

  function fileNamed(name: string): string {
    return path.join(folder, name)
  }

  /** Starts a run and waits until its action has begun. */
  async function begin(
    formParams: Hub.ParamMap,
    on: PooledProcessQueue = queue,
  ): Promise<{ reply: Promise<RunReply> }> {
    const begun = fileNamed(`begun ${fs.readdirSync(folder).length}`)
    const reply = probe({ ...formParams, begun }, on)
    while (!fs.existsSync(begun)) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    return { reply }
  }

  before(() => {
    log.stub(winston, "info")
    log.stub(winston, "warn")
    log.stub(winston, "error")
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "execute-process-"))
    compile(path.join(folder, "compiled"))
    program = path.join(folder, "compiled/test/xpc/probe_process.js")
    queue = new ExecuteProcessQueue({ settings, program })
    extended = new ExtendedProcessQueue({ settings, program })
    open.push(queue, extended)
    queue.warmUp()
  })

  afterEach(() => {
    queue.PROCESS_TIMEOUT = 3600000
  })

  after(async () => {
    await Promise.all(open.map(async (each) => each.close()))
    fs.rmSync(folder, { recursive: true })
    log.restore()
  })

  describe("a run", () => {

    it("is answered with every member of the action's response, as plain data", async () => {
      expect(await probe({ behaviour: "fullResponse" })).to.deep.equal({
        success: false,
        message: "m",
        refreshQuery: true,
        validationErrors: [{ field: "f", message: "wrong" }],
        state: { data: "kept" },
        webhookId: "w",
      })
    })

    it("fails with the registry's words when there is no such action", async () => {
      const request = new Hub.ActionRequest()
      request.actionId = "nowhere"
      expect(await queue.run(JSON.stringify(request)))
        .to.deep.equal({ success: false, message: "No action found with name nowhere." })
    })

    it("fails when the request is no JSON", async () => {
      expect(await queue.run("{")).to.deep.include({ success: false })
    })

    it("fails when the action answers with nothing", async () => {
      expect(await probe({ behaviour: "nothing" }))
        .to.deep.equal({ success: false, message: "The \"message\" argument must be specified" })
    })

    it("knows how many processes share what a vendor allows", async () => {
      expect(await probe({ behaviour: "processCount" })).to.have.property("message", "1")
    })

    it("shares its process with the runs before", async () => {
      expect(await processIdOf(queue)).to.equal(await processIdOf(queue)).and.not.equal(process.pid)
    })

    it("goes on beside nineteen others", async () => {
      const file = fileNamed("twenty may go")
      const replies = Array.from({ length: 20 }, async () => probe({ behaviour: "waitForFile", file }))
      fs.writeFileSync(file, "")
      expect((await Promise.all(replies)).map((reply) => reply.success)).to.deep.equal(Array(20).fill(true))
    })

    it("takes an attachment of 8 MB, as JSON", async () => {
      const attachment = Buffer.alloc(8 * 1024 * 1024, 255)
      expect(await probe({ behaviour: "attachmentLength" }, queue, attachment))
        .to.have.property("message", String(attachment.length))
    })

    it("takes a request as an object, its attachment as it is", async () => {
      const request = new Hub.ActionRequest()
      request.actionId = "probe"
      request.formParams = { behaviour: "attachmentLength" }
      request.attachment = { dataBuffer: Buffer.alloc(30 * 1024 * 1024, 255) }
      expect(await queue.execute(request)).to.have.property("message", String(30 * 1024 * 1024))
    })

    it("goes on when its process is told to end by others than the hub", async () => {
      const file = fileNamed("unmoved may go")
      const { reply } = await begin({ behaviour: "waitForFile", file })
      process.kill(await processIdOf(queue), "SIGTERM")
      process.kill(await processIdOf(queue), "SIGINT")
      fs.writeFileSync(file, "")
      expect(await reply).to.have.property("success", true)
    })

    it("has a process to itself when there is one for each", async () => {
      const wide = new ExecuteProcessQueue({ settings: { ...settings, processCount: 2 }, program })
      open.push(wide)
      const file = fileNamed("both may go")
      await Promise.all([1, 2].map(async () => begin({ behaviour: "waitForFile", file }, wide)))
      const [one, two] = await Promise.all([processIdOf(wide), processIdOf(wide)])
      fs.writeFileSync(file, "")
      expect(one).to.not.equal(two)
      expect(await probe({ behaviour: "processCount" }, wide)).to.have.property("message", "2")
    })

    it("is refused when its request holds what can't cross over", async () => {
      const request = Object.assign(new Hub.ActionRequest(), { actionId: "probe", callback: () => undefined })
      expect((await queue.execute(request)).message).to.match(/could not be handed .* Nothing was sent/)
    })

    it("is refused when it is nested too deeply, and no process is said to have ended", async () => {
      let formParams: object = {}
      for (let level = 0; level < 100_000; level++) {
        formParams = { a: formParams }
      }
      const request = Object.assign(new Hub.ActionRequest(), { actionId: "probe", formParams })
      expect((await queue.execute(request)).message).to.match(/could not be handed .* nested too deeply\. Nothing was sent/)
      expect((await probe({ behaviour: "answer", text: "still here" })).message).to.equal("still here")
    })

    it("waits in line when there is no room", async () => {
      const narrow = new ExecuteProcessQueue({ settings: { ...settings, runsPerProcess: 2 }, program })
      open.push(narrow)
      const file = fileNamed("two may go")
      const first = await begin({ behaviour: "waitForFile", file }, narrow)
      const second = await begin({ behaviour: "waitForFile", file }, narrow)
      const third = probe({ behaviour: "answer", text: "third" }, narrow)
      expect(narrow.queue.size).to.equal(1)
      fs.writeFileSync(file, "")
      expect((await Promise.all([first.reply, second.reply, third])).map((reply) => reply.success))
        .to.deep.equal([true, true, true])
    })

  })

  describe("a process that dies", () => {
    let errors: sinon.SinonStub<[string | Uint8Array], boolean>

    // What it says of its end goes to the console of the hub: page by page, which belongs into no report of tests.
    before(() => { errors = sinon.stub(process.stderr, "write").returns(true) as unknown as typeof errors })
    after(() => errors.restore())

    /** Waits until the console has a text. */
    async function untilSaid(text: string): Promise<void> {
      while (!Buffer.concat(errors.args.map(([piece]) => Buffer.from(piece))).includes(text)) {
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }

    it("fails its runs with words that say so, and is replaced", async () => {
      const processId = await processIdOf(queue)
      const runs = [await begin({ behaviour: "ignoreStop" }), await begin({ behaviour: "ignoreStop" })]
      process.kill(processId, "SIGKILL")
      for (const { reply } of runs) {
        expect(await reply).to.have.property("success", false)
        expect((await reply).message).to.match(/ended before it could report: it was killed \(SIGKILL\).*send again/)
      }
      expect(await processIdOf(queue)).to.not.equal(processId)
    })

    it("has not begun a run whose attachment was on its way, and says so", async () => {
      const perform = sinon.stub(WorkerProcess.prototype, "perform")
      perform.callsFake(async function(this: WorkerProcess, task) {
        if (task.kind === "attachment") {
          process.kill(this.id!, "SIGKILL")
        }
        return perform.wrappedMethod.call(this, task)
      })
      const request = new Hub.ActionRequest()
      request.actionId = "probe"
      request.formParams = { behaviour: "attachmentLength" }
      request.attachment = { dataBuffer: Buffer.alloc(3 * 1024 * 1024) }
      const { success, message } = await queue.execute(request)
      perform.restore()
      expect(success).to.equal(false)
      expect(message).to.match(/ended before the action began: it was killed \(SIGKILL\).*Nothing was sent\. Send again/)
      expect(await queue.execute(request)).to.have.property("message", String(3 * 1024 * 1024))
    })

    it("leaves runs in other processes alone", async () => {
      const file = fileNamed("survivor may go")
      const other = await begin({ behaviour: "waitForFile", file }, extended)
      const { reply } = await begin({ behaviour: "exit" })
      expect((await reply).message).to.contain("it exited with code 3")
      fs.writeFileSync(file, "")
      expect(await other.reply).to.have.property("success", true)
    })

    it("says when it ran out of memory", async () => {
      const small = new ExecuteProcessQueue({ settings: { ...settings, memoryMb: 60 }, program })
      open.push(small)
      expect((await probe({ behaviour: "exhaustMemory" }, small)).message).to.contain("ran out of memory")
      await untilSaid("JavaScript heap out of memory")
      expect(await probe({ behaviour: "answer", text: "next" }, small)).to.have.property("message", "next")
    })

    it("tells why it could not be started", async () => {
      const broken = new ExecuteProcessQueue({ settings, program: fileNamed("missing.js") })
      open.push(broken)
      expect((await probe({}, broken)).message).to.match(/could not start a process .*exited with code 1\. Nothing was/)
      await untilSaid("The execute process could not be loaded. Cannot find module")
    })

  })

  describe("processes that share limits and leases", () => {

    /** Another queue, thus other processes, that asks the same home. */
    function other(home: EmbeddedHome): ExecuteProcessQueue {
      const created = new ExecuteProcessQueue({ settings, program, coordination: home })
      open.push(created)
      return created
    }

    it("hold each key once among them", async () => {
      const home = new EmbeddedHome()
      const [one, two] = [other(home), other(home)]
      expect((await probe({ behaviour: "hold", keys: "a b" }, one)).message).to.equal("")
      expect((await probe({ behaviour: "hold", keys: "b c" }, two)).message).to.equal("b")
    })

    it("find what a dead process held as held, until its work has surely ended", async () => {
      const home = new EmbeddedHome()
      const [one, two] = [other(home), other(home)]
      await probe({ behaviour: "holdAndDie", keys: "a" }, one)
      const leases = home.of("test").leases("people", { lingerMs: 400 })
      expect(await leases.hold(["a"])).to.deep.equal(["a"])
      await leases.free("a")
      expect((await probe({ behaviour: "hold", keys: "a" }, two)).message).to.equal("")
    })

    it("make calls in turn, and wait for those of a dead process", async () => {
      const home = new EmbeddedHome()
      const [one, two] = [other(home), other(home)]
      await probe({ behaviour: "callAndDie" }, one)
      const { limits } = await home.state()
      expect(limits.account).to.include({ callsAtOnce: 1 })
      expect((await probe({ behaviour: "call" }, two)).message).to.equal("called")
    })

  })

  describe("an error that nobody caught", () => {

    for (const [behaviour, message] of [
      ["strayRejection", "nobody caught this"],
      ["strayException", "nobody caught that"],
    ]) {
      it(`fails only the run it came from (${behaviour})`, async () => {
        const processId = await processIdOf(queue)
        const file = fileNamed(`beside ${behaviour}`)
        const beside = await begin({ behaviour: "waitForFile", file })
        expect(await probe({ behaviour })).to.deep.equal({ success: false, message })
        expect(await processIdOf(queue)).to.not.equal(processId)
        fs.writeFileSync(file, "")
        expect(await beside.reply).to.have.property("success", true)
      })
    }

  })

  describe("a process that is stuck", () => {

    it("holds up nobody who has not begun in it, and is ended", async () => {
      const impatient = new ExecuteProcessQueue({
        settings: { ...settings, unresponsiveMs: 1000, unresponsiveLimitMs: 2500 },
        program,
      })
      open.push(impatient)
      const stuck = probe({ behaviour: "loop" }, impatient)
      const others = Array.from({ length: 10 }, async () => probe({ behaviour: "answer" }, impatient))
      expect((await Promise.all(others)).map((reply) => reply.success)).to.deep.equal(Array(10).fill(true))
      expect((await stuck).message).to.match(/it was stuck and had not answered for \d+ seconds/)
    })

  })

  describe("a run past its time limit", () => {

    it("is told to stop, and its report is the answer", async () => {
      queue.PROCESS_TIMEOUT = 200
      const processId = await processIdOf(queue)
      expect(await probe({ behaviour: "waitForStop" })).to.have.property(
        "message", "sent 7 of 9 rows, then stopped: it reached its time limit of 0.2 seconds")
      expect(await processIdOf(queue)).to.equal(processId)
    })

    it("is answered for when it does not react, and ends with its process once the others are done", async () => {
      const processId = await processIdOf(queue)
      const file = fileNamed("patient may go")
      const patient = await begin({ behaviour: "waitForFile", file })
      queue.PROCESS_TIMEOUT = 200
      expect((await probe({ behaviour: "ignoreStop" })).message).to.match(/time limit.*did not report.*Check the dest/)
      expect(await processIdOf(queue)).to.not.equal(processId)
      fs.writeFileSync(file, "")
      expect(await patient.reply).to.have.property("success", true)
      await expectGone(processId)
    })

  })

  describe("an extended run", () => {

    it("gives its place up with its answer", async () => {
      expect(await probe({ behaviour: "answer", text: "done" }, extended)).to.have.property("message", "done")
      await extended.idle()
      expect(extended.childCounter).to.equal(0)
    })

    it("keeps its place for background work that it announced, until that is done", async () => {
      const file = fileNamed("background may end")
      expect(await probe({ behaviour: "announceBackgroundWork", file }, extended))
        .to.have.property("message", "working on")
      expect(extended.childCounter).to.equal(1)
      fs.writeFileSync(file, "")
      await extended.idle()
      expect(extended.childCounter).to.equal(0)
    })

  })

  describe("at shutdown", () => {

    it("every run reports or is answered for, nothing new begins, and the processes end", async () => {
      const leaving = new ExecuteProcessQueue({ settings: { ...settings, runsPerProcess: 2 }, program })
      open.push(leaving)
      const processId = await processIdOf(leaving)
      const reporting = await begin({ behaviour: "waitForStop" }, leaving)
      const deaf = await begin({ behaviour: "ignoreStop" }, leaving)
      const waiting = probe({ behaviour: "answer" }, leaving)
      leaving.stopRuns()
      await leaving.idle()
      expect((await reporting.reply).message).to.contain("sent 7 of 9 rows, then stopped: the hub is shutting down")
      expect((await deaf.reply).message).to.contain("did not report")
      expect((await waiting).message).to.contain("did not start this run")
      expect((await probe({}, leaving)).message).to.contain("did not start this run")
      await leaving.close()
      await expectGone(processId)
    })

    it("runs that are still there when the processes are closed are answered for", async () => {
      const leaving = new ExecuteProcessQueue({ settings, program })
      const { reply } = await begin({ behaviour: "ignoreStop" }, leaving)
      await leaving.close()
      expect((await reply).message).to.contain("the hub is shutting down")
    })

  })

  it("processes that others start on top of the queue are killed at the time limit", () => {
    const clock = sinon.useFakeTimers()
    try {
      const kill = sinon.spy()
      const told = sinon.spy()
      extended.processTimeoutKiller({ kill } as unknown as childProcess.ChildProcess, "webhook 1", told)
      clock.tick(7199999)
      expect(kill.called).to.equal(false)
      clock.tick(1)
      expect(kill.calledOnceWith("SIGKILL")).to.equal(true)
      expect(told.args).to.deep.equal([["Killed execute process due to timeout in responding to parent process"]])
    } finally {
      clock.restore()
    }
  })

  describe("as the hub starts them", () => {

    const { execArgv } = process
    const { CHILD_TEST } = process.env
    const workingDirectory = process.cwd()

    beforeEach(() => {
      process.execArgv = ["./node_modules/ts-node/dist/bin.js"]
      process.env.CHILD_TEST = "true"
      process.chdir(os.tmpdir())
    })

    afterEach(() => {
      process.execArgv = execArgv
      process.chdir(workingDirectory)
      if (CHILD_TEST === undefined) {
        delete process.env.CHILD_TEST
      } else {
        process.env.CHILD_TEST = CHILD_TEST
      }
    })

    for (const Queue of [ExecuteProcessQueue, ExtendedProcessQueue]) {
      it(`${Queue.name} executes actions, wherever it is and however it was started itself`, async () => {
        const hubs = new Queue()
        open.push(hubs)
        for (const success of [true, false]) {
          const request = new Hub.ActionRequest()
          request.actionId = "queue_test_action"
          request.attachment = { dataBuffer: Buffer.from(JSON.stringify({ success })) }
          expect(await hubs.run(JSON.stringify(request))).to.have.property("success", success)
        }
      })
    }

    it("they don't keep the hub alive when there is nothing to do", async () => {
      const hub = startHub()
      const exited = events.once(hub, "exit")
      const [processId] = await events.once(hub, "message") as [number]
      expect(await exited).to.deep.equal([0, null])
      await expectGone(processId)
    })

    it("they end with the hub, even when both are beyond reach", async () => {
      const hub = startHub("loop")
      const [processId] = await events.once(hub, "message") as [number]
      hub.kill("SIGKILL")
      await expectGone(processId)
    })

  })

})

/** Compiles the programs of the tests to where they find the compiled hub as they find its sources here. */
function compile(folder: string): void {
  const root = path.join(__dirname, "../..")
  const file = ts.readConfigFile(path.join(root, "tsconfig.json"), (name) => fs.readFileSync(name, "utf8"))
  const { options } = ts.parseJsonConfigFileContent(file.config, ts.sys, root)
  fs.mkdirSync(path.join(folder, "test/xpc"), { recursive: true })
  fs.symlinkSync(path.join(root, "lib"), path.join(folder, "src"))
  for (const name of ["probe_action", "probe_process", "small_hub"]) {
    const source = fs.readFileSync(path.join(__dirname, `${name}.ts`), "utf8")
    fs.writeFileSync(
      path.join(folder, `test/xpc/${name}.js`), ts.transpileModule(source, { compilerOptions: options }).outputText,
    )
  }
}

/** Resolves when there is no such process; the test's own time limit is the limit. */
async function expectGone(processId: number): Promise<void> {
  for (;;) {
    try {
      process.kill(processId, 0)
    } catch {
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
