/* eslint-disable @typescript-eslint/no-explicit-any -- Subclasses of existing hubs add members to the definition. */
import { Action, RouteBuilder } from "./action"
import { ActionRequest } from "./action_request"
import { EncryptedPayload } from "./encrypted_payload"
import { TokenPayload } from "./token_payload"

/** An action whose users sign in with a third party. Looker fetches the tokens from the hub. */
export abstract class OAuthActionV2 extends Action {

  /** Returns true if the request carries tokens that still work. */
  abstract oauthCheck(request: ActionRequest): Promise<boolean>
  /** Returns the address at which the user's browser signs in. */
  abstract oauthUrl(redirectUri: string, encryptedState: string): Promise<string>
  /**
   * Returns the browser's next address after it came back, or an empty string if the user is done and can close the
   * tab.
   */
  abstract oauthHandleRedirect(urlParams: { [key: string]: string }, redirectUri: string): Promise<string>
  /** Returns the tokens that Looker asks for with `request.fetchTokenState`. */
  abstract oauthFetchAccessToken(request: ActionRequest): Promise<EncryptedPayload | TokenPayload>

  asJson(router: RouteBuilder, request: ActionRequest): any {
    return { ...super.asJson(router, request) as object, uses_oauth: true, token_url: router.tokenUrl(this) }
  }

}

export function isOauthActionV2(action: Action): boolean {
  return action instanceof OAuthActionV2
}
