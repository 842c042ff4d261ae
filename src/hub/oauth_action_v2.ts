/* eslint-disable @typescript-eslint/no-explicit-any -- Subclasses of existing hubs add members to the definition. */
import { Action, RouteBuilder } from "./action"
import { ActionRequest } from "./action_request"
import { EncryptedPayload } from "./encrypted_payload"
import { TokenPayload } from "./token_payload"

/** An action whose users sign in with a third party, and whose tokens Looker fetches from the hub. */
export abstract class OAuthActionV2 extends Action {

  /** Whether the request carries tokens that still work. */
  abstract oauthCheck(request: ActionRequest): Promise<boolean>
  /** Where the user's browser goes to sign in. */
  abstract oauthUrl(redirectUri: string, encryptedState: string): Promise<string>
  /** Where the browser goes once it came back; empty when the user is done and can close the tab. */
  abstract oauthHandleRedirect(urlParams: { [key: string]: string }, redirectUri: string): Promise<string>
  /** The tokens that Looker asks for with `request.fetchTokenState`. */
  abstract oauthFetchAccessToken(request: ActionRequest): Promise<EncryptedPayload | TokenPayload>

  asJson(router: RouteBuilder, request: ActionRequest): any {
    return { ...super.asJson(router, request) as object, uses_oauth: true, token_url: router.tokenUrl(this) }
  }

}

export function isOauthActionV2(action: Action): boolean {
  return action instanceof OAuthActionV2
}
