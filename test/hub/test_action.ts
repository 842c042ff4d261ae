/* eslint-disable @typescript-eslint/no-unsafe-member-access -- The contract has asJson() return any. */
import * as chai from "chai"
import * as chaiAsPromised from "chai-as-promised"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"
import * as sinon from "sinon"
import * as winston from "winston"
import * as Hub from "../../src/hub"
import { ProcessQueue } from "../../src/xpc/process_queue"
import { router } from "../support/run_action"

chai.use(chaiAsPromised)
const { expect } = chai

class CoolAction extends Hub.Action {

  name = "cool"
  label = "Cool"
  description = "Does it."
  supportedActionTypes = [Hub.ActionType.Cell, Hub.ActionType.Dashboard]
  params = [
    { name: "cool_param", label: "Cool Param", required: true, sensitive: true },
    { name: "extra", label: "Extra", required: false, sensitive: false },
  ]

  async execute(_request: Hub.ActionRequest) {
    return new Hub.ActionResponse({ message: "Did It" })
  }

  async form(_request: Hub.ActionRequest) {
    const form = new Hub.ActionForm()
    form.fields = [{ label: "What?", name: "what", required: true, type: "string" }]
    return form
  }

}

class FormlessAction extends Hub.Action {

  name = "formless"
  label = "Formless"
  description = ""
  supportedActionTypes = [Hub.ActionType.Query]
  params = []

}

/** Replies with, or rejects with, what it is told to, and keeps what it was given. */
class ScriptedQueue extends ProcessQueue {

  readonly received: string[] = []

  constructor(private readonly outcome: () => unknown) {
    super()
  }

  async run(data: string): Promise<string> {
    this.received.push(data)
    return this.outcome() as string
  }

}

function completeRequest(): Hub.ActionRequest {
  const request = new Hub.ActionRequest()
  request.type = Hub.ActionType.Cell
  request.params = { cool_param: "c" }
  return request
}

describe("Action", () => {
  afterEach(() => sinon.restore())

  describe("as Looker lists it", () => {
    it("has exactly the keys Looker knows, in their order", () => {
      expect(Object.keys(new CoolAction().asJson(router, new Hub.ActionRequest()) as object)).to.deep.equal([
        "description", "form_url", "label", "name", "params", "required_fields", "supported_action_types", "uses_oauth",
        "delegate_oauth", "supported_formats", "supported_formattings", "supported_visualization_formattings",
        "supported_download_settings", "icon_data_uri", "url", "token_url",
      ])
    })

    it("tells its declaration, and leaves out what it does not declare", () => {
      const action = new CoolAction()
      expect(JSON.parse(JSON.stringify(action.asJson(router, new Hub.ActionRequest())))).to.deep.equal({
        description: "Does it.",
        form_url: "https://hub.example/actions/cool/form",
        label: "Cool",
        name: "cool",
        params: action.params,
        required_fields: [],
        supported_action_types: ["cell", "dashboard"],
        uses_oauth: false,
        delegate_oauth: false,
        supported_download_settings: ["push"],
        icon_data_uri: null,
        url: "https://hub.example/actions/cool/execute",
        token_url: "",
      })
    })

    it("has no form address without a form", () => {
      expect(new FormlessAction().hasForm).to.equal(false)
      expect(new FormlessAction().asJson(router, new Hub.ActionRequest()).form_url).to.equal(null)
      expect(new CoolAction().hasForm).to.equal(true)
    })

    it("asks for a URL exactly when it streams, whatever it declares", () => {
      const action = new CoolAction()
      action.supportedDownloadSettings = [Hub.ActionDownloadSettings.Url]
      expect(action.asJson(router, new Hub.ActionRequest()).supported_download_settings).to.deep.equal(["push"])
      action.usesStreaming = true
      action.supportedDownloadSettings = [Hub.ActionDownloadSettings.Push]
      expect(action.asJson(router, new Hub.ActionRequest()).supported_download_settings).to.deep.equal(["url"])
    })

    it("tells its formats, or those that it has for the request", () => {
      const action = new CoolAction()
      action.supportedFormats = [Hub.ActionFormat.Csv]
      expect(action.asJson(router, new Hub.ActionRequest()).supported_formats).to.deep.equal(["csv"])
      action.supportedFormats = (request) => {
        return [request.lookerVersion ? Hub.ActionFormat.JsonDetailLiteStream : Hub.ActionFormat.JsonDetail]
      }
      expect(action.asJson(router, new Hub.ActionRequest()).supported_formats).to.deep.equal(["json_detail"])
      const request = new Hub.ActionRequest()
      request.lookerVersion = "7.3.0"
      expect(action.asJson(router, request).supported_formats).to.deep.equal(["json_detail_lite_stream"])
    })

    it("has the defaults that actions count on", () => {
      expect(new FormlessAction()).to.include({
        usesStreaming: false,
        executeInOwnProcess: false,
        extendedAction: false,
        minimumSupportedLookerVersion: "5.5.0",
      })
    })
  })

  describe("and its icon", () => {
    let folder: string

    beforeEach(() => {
      folder = fs.mkdtempSync(path.join(os.tmpdir(), "icons-"))
    })

    afterEach(() => fs.rmSync(folder, { recursive: true }))

    const withIcon = (iconName: string) => {
      const action = new CoolAction()
      action.iconName = iconName
      return action
    }

    it("is a data URI of the type that the file's extension says", () => {
      fs.writeFileSync(path.join(folder, "icon.svg"), "<svg/>")
      fs.writeFileSync(path.join(folder, "icon.PNG"), "png")
      expect(withIcon(path.join(folder, "icon.svg")).getImageDataUri()).to.equal("data:image/svg+xml;base64,PHN2Zy8+")
      expect(withIcon(path.join(folder, "icon.PNG")).getImageDataUri()).to.equal("data:image/png;base64,cG5n")
    })

    it("is looked for under src/actions", () => {
      expect(withIcon("marketo/marketo.svg").getImageDataUri()).to.match(/^data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+$/)
    })

    it("is null when there is no such file, or none is named", () => {
      expect(withIcon(path.join(folder, "missing.svg")).getImageDataUri()).to.equal(null)
      expect(withIcon(folder).getImageDataUri()).to.equal(null)
      expect(new CoolAction().getImageDataUri()).to.equal(null)
    })

    it("is read from the disk once", () => {
      const iconPath = path.join(folder, "kept.svg")
      fs.writeFileSync(iconPath, "<svg/>")
      const before = withIcon(iconPath).getImageDataUri()
      fs.rmSync(iconPath)
      expect(withIcon(iconPath).getImageDataUri()).to.equal(before)
    })
  })

  describe("asked for its form", () => {
    it("gives the form", async () => {
      await expect(new CoolAction().validateAndFetchForm(completeRequest())).to.eventually.deep.equal({
        fields: [{ label: "What?", name: "what", required: true, type: "string" }],
      })
    })

    it("gives a form with nothing but an error when a required setting is missing", async () => {
      await expect(new CoolAction().validateAndFetchForm(new Hub.ActionRequest())).to.eventually.deep.equal({
        fields: [],
        error: 'Required setting "Cool Param" not specified in action settings.',
      })
    })

    it("rejects with a TypeError when it has none", async () => {
      await expect(new FormlessAction().validateAndFetchForm(new Hub.ActionRequest())).to.be.rejectedWith(TypeError)
    })
  })

  describe("asked to execute", () => {
    it("gives the response of execute", async () => {
      await expect(new CoolAction().validateAndExecute(completeRequest())).to.eventually.deep.equal({
        message: "Did It",
        refreshQuery: false,
        success: true,
        validationErrors: [],
      })
    })

    const refusals: [string, Partial<Hub.ActionRequest>, string][] = [
      [
        "without a type", { type: undefined },
        'No request type specified. The request must be of type: "cell", "dashboard".',
      ],
      [
        "of a type that it does not support", { type: Hub.ActionType.Query },
        'This action does not support requests of type "query". The request must be of type: "cell", "dashboard".',
      ],
      [
        "with no value for a required setting", { params: { cool_param: "" } },
        'Required setting "Cool Param" not specified in action settings.',
      ],
    ]
    for (const [situation, change, text] of refusals) {
      it(`rejects a request ${situation} with a text`, async () => {
        const request = Object.assign(completeRequest(), change)
        expect(await rejectionOf(new CoolAction().validateAndExecute(request))).to.equal(text)
      })
    }

    it("looks at the type before the settings", async () => {
      expect(await rejectionOf(new CoolAction().validateAndExecute(new Hub.ActionRequest())))
        .to.match(/^No request type/)
    })

    it("rejects a request without data when it streams, and takes an attachment or a URL", async () => {
      const action = new CoolAction()
      action.usesStreaming = true
      expect(await rejectionOf(action.validateAndExecute(completeRequest()))).to.equal(
        "A streaming action was sent incompatible data. The action must have a download url or an attachment.")
      const attached = Object.assign(completeRequest(), { attachment: {} })
      await expect(action.validateAndExecute(attached)).to.eventually.include({ success: true })
      const linked = Object.assign(completeRequest(), { scheduledPlan: { downloadUrl: "https://lk/1" } })
      await expect(action.validateAndExecute(linked)).to.eventually.include({ success: true })
    })

    it("rejects with whatever execute throws", async () => {
      const action = new CoolAction()
      sinon.stub(action, "execute").rejects(new TypeError("bug"))
      await expect(action.validateAndExecute(completeRequest())).to.be.rejectedWith(TypeError, "bug")
    })
  })

  describe("that executes in its own process", () => {
    const ownProcessAction = () => {
      const action = new CoolAction()
      action.executeInOwnProcess = true
      return action
    }

    let forking: string | undefined

    beforeEach(() => {
      forking = process.env.ACTION_HUB_ENABLE_FORKING
      delete process.env.ACTION_HUB_ENABLE_FORKING
    })

    afterEach(() => {
      if (forking !== undefined) {
        process.env.ACTION_HUB_ENABLE_FORKING = forking
      }
    })

    it("rejects with a text when there is no queue", async () => {
      expect(await rejectionOf(ownProcessAction().validateAndExecute(completeRequest())))
        .to.equal("An action marked for being executed on a separate process needs a ExecuteProcessQueue.")
    })

    it("hands the request to the queue as JSON, with its own name", async () => {
      const queue = new ScriptedQueue(() => ({ success: true }))
      await ownProcessAction().validateAndExecute(completeRequest(), queue)
      expect(queue.received.map((data) => JSON.parse(data) as unknown)).to.deep.equal([
        { formParams: {}, params: { cool_param: "c" }, lookerVersion: null, type: "cell", actionId: "cool" },
      ])
    })

    it("checks the request before the queue sees it", async () => {
      const queue = new ScriptedQueue(() => ({ success: true }))
      expect(await rejectionOf(ownProcessAction().validateAndExecute(new Hub.ActionRequest(), queue)))
        .to.match(/^No request type/)
      expect(queue.received).to.deep.equal([])
    })

    it("makes the reply a response and keeps all that is in it", async () => {
      const reply = { success: false, message: "No.", state: { data: "reset" }, more: 1 }
      const response = await ownProcessAction().validateAndExecute(completeRequest(), new ScriptedQueue(() => reply))
      expect(response).to.be.instanceOf(Hub.ActionResponse)
      expect(response).to.deep.equal({ refreshQuery: false, validationErrors: [], ...reply })
    })

    it("understands a reply that is still JSON", async () => {
      const queue = new ScriptedQueue(() => '{"success":false,"message":"No."}')
      await expect(ownProcessAction().validateAndExecute(completeRequest(), queue))
        .to.eventually.include({ success: false, message: "No." })
    })

    it("executes right here when ACTION_HUB_ENABLE_FORKING is false", async () => {
      process.env.ACTION_HUB_ENABLE_FORKING = "false"
      const queue = new ScriptedQueue(() => ({ success: false }))
      await expect(ownProcessAction().validateAndExecute(completeRequest(), queue))
        .to.eventually.include({ message: "Did It" })
      expect(queue.received).to.deep.equal([])
      delete process.env.ACTION_HUB_ENABLE_FORKING
    })

    for (const value of ["true", "0", "FALSE", ""]) {
      it(`still uses the queue when ACTION_HUB_ENABLE_FORKING is "${value}"`, async () => {
        process.env.ACTION_HUB_ENABLE_FORKING = value
        const queue = new ScriptedQueue(() => ({ success: true }))
        await ownProcessAction().validateAndExecute(completeRequest(), queue)
        expect(queue.received).to.have.length(1)
        delete process.env.ACTION_HUB_ENABLE_FORKING
      })
    }

    const failures: [string, () => unknown, RegExp][] = [
      ["rejects with an Error", () => { throw new Error("out of memory") }, /^out of memory$/],
      ["rejects with an Error without words", () => { throw new RangeError() }, /^RangeError$/],
      ["rejects with a text", () => fail("Child Disconnected"), /^Child Disconnected$/],
      ["rejects with a response", () => fail({ success: false, message: "Killed." }), /^Killed\.$/],
      ["rejects with a signal", () => fail("SIGKILL"), /ended before it answered.*\(SIGKILL\)/],
      ["rejects with null", () => fail(null), /ended before it answered/],
      ["rejects with an empty object", () => fail({}), /ended before it answered/],
      ["resolves with nothing", () => undefined, /no response/],
      ["resolves with a text that is not JSON", () => "PROCESS FINISHED", /no response/],
      ["resolves with a list", () => [], /no response/],
    ]
    for (const [situation, outcome, message] of failures) {
      it(`answers that the run failed, and how, when the queue ${situation}`, async () => {
        const logged = sinon.stub(winston, "error")
        const request = Object.assign(completeRequest(), { webhookId: "123" })
        const response = await ownProcessAction().validateAndExecute(request, new ScriptedQueue(outcome))
        expect(response).to.be.instanceOf(Hub.ActionResponse)
        expect(response.success).to.equal(false)
        expect(response.message).to.match(message)
        expect(response.webhookId).to.equal("123")
        expect(logged.calledOnce).to.equal(true)
      })
    }
  })
})

async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail("it resolved"), (reason: unknown) => reason)
}

function fail(reason: unknown): never {
  throw reason
}
