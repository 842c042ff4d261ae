/* Actions with each kind of OAuth, as third parties would write them from the contract alone. */
import * as Hub from "../../src/hub"

const TYPES = [Hub.ActionType.Query, Hub.ActionType.Dashboard]

/** OAuth, version 1: the tokens are posted to Looker's state URL by the hub. */
export class DriveAction extends Hub.OAuthAction {

  name = "drive"
  label = "Drive"
  description = "Keep files."
  supportedActionTypes = TYPES
  params: Hub.ActionParameter[] = []

  /** What would be posted, by state URL. */
  readonly posted: { [stateUrl: string]: string } = {}

  async execute(request: Hub.ActionRequest): Promise<Hub.ActionResponse> {
    const response = new Hub.ActionResponse()
    if (!await this.oauthCheck(request)) {
      response.success = false
      response.state = new Hub.ActionState()
      response.state.data = "reset"
      return response
    }
    const size = await request.stream(async (readable) => {
      let bytes = 0
      for await (const chunk of readable) {
        bytes += (chunk as Buffer).length
      }
      return bytes
    })
    response.message = `${request.completeFilename() ?? request.suggestedFilename()}: ${size} bytes`
    return response
  }

  async form(request: Hub.ActionRequest): Promise<Hub.ActionForm> {
    const form = new Hub.ActionForm()
    if (await this.oauthCheck(request)) {
      form.fields = [{ name: "filename", label: "File Name", type: "string" }]
      return form
    }
    const state = await new Hub.ActionCrypto().encrypt(JSON.stringify({ stateUrl: request.params.state_url }))
    form.fields = [{
      name: "login", label: "Log in", type: "oauth_link", description: "With Drive",
      oauth_url: `https://hub.example/actions/drive/oauth?state=${state}`,
    }]
    form.state = new Hub.ActionState()
    return form
  }

  async oauthCheck(request: Hub.ActionRequest): Promise<boolean> {
    const { state_json: stateJson } = request.params
    return Boolean(stateJson && await this.oauthExtractTokensFromStateJson(stateJson, request.webhookId))
  }

  async oauthUrl(redirectUri: string, encryptedState: string): Promise<string> {
    return `https://drive.example/authorize?redirect_uri=${redirectUri}&state=${encryptedState}`
  }

  async oauthFetchInfo(urlParams: { [key: string]: string }, redirectUri: string): Promise<void> {
    const state = JSON.parse(await new Hub.ActionCrypto().decrypt(urlParams.state)) as { stateUrl: string }
    const tokens = await this.oauthMaybeEncryptTokens({ code: urlParams.code, redirectUri }, undefined)
    this.posted[state.stateUrl] = tokens instanceof Hub.EncryptedPayload ? JSON.stringify(tokens.asJson()) : tokens
  }

}

/** OAuth, version 2: Looker fetches the tokens. */
export class SheetsAction extends Hub.OAuthActionV2 {

  name = "sheets"
  label = "Sheets"
  description = "Keep tables."
  supportedActionTypes = TYPES
  params: Hub.ActionParameter[] = []

  async oauthCheck(request: Hub.ActionRequest): Promise<boolean> {
    return request.params.state_json !== undefined
  }

  async oauthUrl(redirectUri: string, encryptedState: string): Promise<string> {
    return `https://sheets.example/authorize?redirect_uri=${redirectUri}&state=${encryptedState}`
  }

  async oauthHandleRedirect(urlParams: { [key: string]: string }, redirectUri: string): Promise<string> {
    const crypto = new Hub.ActionCrypto()
    const { tokenurl } = JSON.parse(await crypto.decrypt(urlParams.state)) as { tokenurl?: string }
    const state = await crypto.encrypt(JSON.stringify({ code: urlParams.code, redirecturi: redirectUri }))
    return tokenurl ? `${tokenurl}?state=${state}` : ""
  }

  async oauthFetchAccessToken(request: Hub.ActionRequest): Promise<Hub.EncryptedPayload | Hub.TokenPayload> {
    const state = await new Hub.ActionCrypto().decrypt(request.fetchTokenState!)
    const { code, redirecturi } = JSON.parse(state) as { code: string, redirecturi: string }
    const token = new Hub.ActionToken({ access_token: `for ${code}` }, redirecturi)
    return process.env.ENCRYPT_PAYLOAD === "true" ? Hub.EncryptedPayload.encrypt(token, request.webhookId) : token
  }

}

/** OAuth that is done elsewhere, once for all. */
export class ChatAction extends Hub.DelegateOAuthAction {

  name = "chat"
  label = "Chat"
  description = "Say something."
  supportedActionTypes = [Hub.ActionType.Cell]
  params: Hub.DelegateOauthActionParameter[] = [{
    name: "install", label: "Connect with Chat", delegate_oauth_url: "https://chat.example/install",
    required: true, sensitive: true, description: "Install the app",
  }]

  async execute(request: Hub.ActionRequest): Promise<Hub.ActionResponse> {
    return new Hub.ActionResponse({ message: `Said ${request.params.value}` })
  }

  async oauthCheck(request: Hub.ActionRequest): Promise<Hub.ActionForm> {
    const form = new Hub.ActionForm()
    form.fields = [{ name: "Connected", type: "message", value: `Connected with ${request.params.install}` }]
    return form
  }

}
