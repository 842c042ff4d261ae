import * as chai from "chai"
import * as chaiAsPromised from "chai-as-promised"
import * as sinon from "sinon"
import * as winston from "winston"
import * as Hub from "../../src/hub"
import { fetchForm, receivedRequest, router, runAction, SentBody } from "../support/run_action"
import { ChatAction, DriveAction, SheetsAction } from "./sign_in_actions"
import { SurveyAction } from "./survey_action"

chai.use(chaiAsPromised)
const { expect } = chai

const CHANGED_VARIABLES = [
  "ACTION_HUB_ENABLE_FORKING", "ACTION_WHITELIST", "CIPHER_MASTER", "ENCRYPT_PAYLOAD", "ENCRYPT_PAYLOAD_DRIVE",
]

const HEADERS = {
  "x-looker-instance": "instance-1",
  "x-looker-webhook-id": "webhook-1",
  "user-agent": "LookerOutgoingWebhook/24.2.00012",
}

function survey(changes: SentBody = {}): SentBody {
  const fields = {
    dimensions: [{ name: "people.address", tags: ["survey_address"] }, { name: "people.answered" }],
    measures: [],
    table_calculations: null,
  }
  const data = [
    { "people.address": { value: "ann", rendered: "yes" }, "people.answered": { value: true } },
    { "people.address": { value: null }, "people.answered": { value: false } },
  ]
  return {
    type: "query",
    attachment: {
      mimetype: "application/json",
      extension: "json",
      data: JSON.stringify({ ran_at: "2024-05-01T00:00:00Z", fields, data }),
    },
    data: { service_key: "k" },
    form_params: { survey: "new" },
    ...changes,
  }
}

describe("an action that someone else wrote from the contract", () => {
  let environment: NodeJS.ProcessEnv

  beforeEach(() => {
    environment = { ...process.env }
    process.env.CIPHER_MASTER = "c4".repeat(32)
    delete process.env.ACTION_HUB_ENABLE_FORKING
    sinon.stub(winston, "error")
  })

  afterEach(() => {
    for (const name of CHANGED_VARIABLES) {
      if (environment[name] === undefined) {
        delete process.env[name]
      } else {
        process.env[name] = environment[name]
      }
    }
    sinon.restore()
  })

  describe("and that streams a result", () => {
    it("is listed with all it declares", () => {
      const request = receivedRequest({}, HEADERS)
      expect(JSON.parse(JSON.stringify(new SurveyAction().asJson(router, request)))).to.deep.equal({
        description: "Invite people to a survey.",
        form_url: "https://hub.example/actions/survey/form",
        label: "Survey",
        name: "survey",
        params: [
          {
            name: "service_key", label: "Service Key", required: true, sensitive: true, description: "From the service",
          },
          { name: "region", label: "Region", required: false, sensitive: false, per_user: true },
        ],
        required_fields: [{ any_tag: ["survey_address"] }],
        supported_action_types: ["query"],
        uses_oauth: false,
        delegate_oauth: false,
        supported_formats: ["json_detail_lite_stream"],
        supported_formattings: ["unformatted"],
        supported_visualization_formattings: ["noapply"],
        supported_download_settings: ["url"],
        icon_data_uri: null,
        url: "https://hub.example/actions/survey/execute",
        token_url: "",
      })
    })

    it("reads fields by tag and rows by field, and answers with a state to be refreshed", async () => {
      const action = new SurveyAction()
      const answer = await runAction(action, survey(), HEADERS)
      expect(action.invitations).to.deep.equal([
        { address: "ann", answered: true },
        { address: null, answered: false },
      ])
      expect(answer).to.deep.equal({ looker: {
        message: "Invited 2.\nThe query ran 2024-05-01T00:00:00Z.\n",
        refresh_query: false,
        success: true,
        validation_errors: {},
        state: { data: '{"last":"new"}', refreshTime: 3600, refresh_time: 3600 },
      } })
    })

    it("can ask for a refresh and point at a form field", async () => {
      const { looker } = await runAction(new SurveyAction(), survey({ form_params: { survey: "old" } }), HEADERS)
      expect(looker).to.deep.include({ refresh_query: true, validation_errors: { survey: "is closed" } })
    })

    it("can answer with an error in HTTP's terms", async () => {
      const untagged = { mimetype: "application/json", data: { fields: { dimensions: [{ name: "a" }] }, data: [] } }
      const { looker } = await runAction(new SurveyAction(), survey({ attachment: untagged }), HEADERS)
      expect(looker).to.deep.include({
        success: false,
        webhookId: "webhook-1",
        error: {
          http_code: 500,
          status_code: "INTERNAL",
          message: "Internal server error. No field is tagged survey_address.",
          location: "ActionContainer",
          documentation_url: "TODO",
        },
      })
    })

    it("has the texts that it throws in its own process told to Looker", async () => {
      const { looker } = await runAction(new SurveyAction(), survey({ form_params: {} }), HEADERS)
      expect(looker).to.include({ success: false, message: "Missing survey." })
    })

    it("is spared requests without required settings or data", async () => {
      await expect(runAction(new SurveyAction(), survey({ data: {} })).catch((reason: unknown) => reason))
        .to.eventually.equal('Required setting "Service Key" not specified in action settings.')
      await expect(runAction(new SurveyAction(), survey({ attachment: null })).catch((reason: unknown) => reason))
        .to.eventually.match(/^A streaming action was sent incompatible data/)
    })

    it("shows a form with a field of each kind", async () => {
      const { fields, state } = await fetchForm(new SurveyAction(), {
        data: { service_key: "k" }, form_params: { language: "de" },
      })
      expect(fields?.map((field) => [field.name, field.type])).to.deep.equal([
        ["survey", "string"], ["greeting", "textarea"], ["language", "select"], ["hint", "message"],
        ["untyped", undefined],
      ])
      expect(fields?.[3]).to.deep.equal({ name: "hint", type: "message", value: "In de" })
      expect(state).to.deep.equal({ data: "seen" })
    })

    it("shows an error in place of its form", async () => {
      await expect(fetchForm(new SurveyAction(), { data: { service_key: "k", region: "closed" } }))
        .to.eventually.deep.equal({ error: "The server is not ready to handle the request. The region is closed." })
    })
  })

  describe("and that signs users in", () => {
    const redirectUri = "https://hub.example/actions/drive/oauth_redirect"

    /** Goes through the browser's part of it and gives back what Looker is to keep. */
    async function signIn(action: DriveAction): Promise<string> {
      const { fields, state } = await fetchForm(action, { data: { state_url: "https://lk/state/1" } })
      expect(state).to.deep.equal({})
      const link = fields?.[0] as { type: string, oauth_url: string }
      expect(link.type).to.equal("oauth_link")
      const sentState = new URL(link.oauth_url).searchParams.get("state")!
      expect(await action.oauthUrl(redirectUri, sentState)).to.contain(sentState)
      await action.oauthFetchInfo({ code: "c0de", state: sentState }, redirectUri)
      return action.posted["https://lk/state/1"]
    }

    for (const encrypted of [false, true]) {
      it(`recognises them by ${encrypted ? "encrypted" : "plain"} tokens afterwards`, async () => {
        process.env.ENCRYPT_PAYLOAD_DRIVE = String(encrypted)
        const action = new DriveAction()
        const stateJson = await signIn(action)
        expect(stateJson.includes("c0de")).to.equal(!encrypted)
        const { fields } = await fetchForm(action, { data: { state_json: stateJson } })
        expect(fields?.map((field) => field.name)).to.deep.equal(["filename"])
        const { looker } = await runAction(action, {
          type: "dashboard",
          attachment: { mimetype: "application/pdf;base64", extension: "pdf", data: "AP8Q" },
          data: { state_json: stateJson },
          form_params: { filename: "my board" },
        })
        expect(looker).to.include({ success: true, message: "my_board.pdf: 3 bytes" })
      })
    }

    it("asks them to sign in again once their state was reset", async () => {
      const { looker } = await runAction(new DriveAction(), { type: "query", data: { state_json: "reset" } })
      expect(looker).to.deep.include({ success: false, state: { data: "reset" } })
      const { fields } = await fetchForm(new DriveAction(), {
        data: { state_json: "reset", state_url: "https://lk/state/1" },
      })
      expect(fields?.[0].type).to.equal("oauth_link")
    })

    it("hands tokens to a Looker that fetches them, plain or encrypted", async () => {
      const action = new SheetsAction()
      const sentState = await new Hub.ActionCrypto().encrypt(JSON.stringify({ tokenurl: "https://lk/token" }))
      const back = new URL(await action.oauthHandleRedirect({ code: "c0de", state: sentState }, redirectUri))
      expect(back.origin + back.pathname).to.equal("https://lk/token")
      const request = receivedRequest({ state: back.searchParams.get("state") }, HEADERS)
      const token = await action.oauthFetchAccessToken(request)
      expect(token.asJson()).to.deep.equal({ tokens: { access_token: "for c0de" }, redirect: redirectUri })
      process.env.ENCRYPT_PAYLOAD = "true"
      const sealed = await action.oauthFetchAccessToken(request) as Hub.EncryptedPayload
      expect(Object.keys(sealed.asJson())).to.deep.equal(["cid", "payload"])
      await expect(sealed.decrypt("w")).to.eventually.deep.equal(token.asJson())
    })

    it("tells about a connection that was made elsewhere, and works with cells", async () => {
      const request = receivedRequest({ data: { install: "team 1", test: "yes" } })
      expect((await new ChatAction().oauthCheck(request)).asJson()).to.deep.include({
        fields: [{ name: "Connected", type: "message", value: "Connected with team 1" }],
      })
      const { looker } = await runAction(new ChatAction(), { type: "cell", data: { install: "team 1", value: "hi" } })
      expect(looker.message).to.equal("Said hi")
    })
  })

  describe("and that is registered", () => {
    let registered: Hub.Action[]

    beforeEach(() => { registered = Hub.actions.splice(0) })

    afterEach(() => Hub.actions.splice(0, Hub.actions.length, ...registered))

    it("is found by Lookers that are new enough, when the whitelist has it", async () => {
      const action = new SurveyAction()
      Hub.addAction(action)
      process.env.ACTION_WHITELIST = "drive, survey"
      await expect(Hub.findAction("survey", { lookerVersion: "24.2.12" })).to.eventually.equal(action)
      await expect(Hub.allActions({ lookerVersion: "6.0.0" })).to.eventually.deep.equal([])
      await expect(Hub.findExtendedAction("survey")).to.eventually.equal(null)
    })
  })
})
