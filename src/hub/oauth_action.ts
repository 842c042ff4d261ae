/* eslint-disable @typescript-eslint/no-explicit-any -- Every provider has tokens of its own shape. */
import * as winston from "winston"
import { AESTransitCrypto as ActionCrypto } from "../crypto/aes_transit_crypto"
import { Action, RouteBuilder } from "./action"
import { ActionRequest } from "./action_request"
import { EncryptedPayload } from "./encrypted_payload"
import { TokenPayload } from "./token_payload"

/** The state by which an action reports that a user has to sign in again. */
const RESET = "reset"

/**
 * An action whose users sign in with a third party. Looker keeps their tokens as the user's state, and sends them back
 * as the param `state_json`.
 */
export abstract class OAuthAction extends Action {

  protected static actionCrypto = new ActionCrypto()

  /** Returns true if the request carries tokens that still work. */
  abstract oauthCheck(request: ActionRequest): Promise<boolean>
  /** Returns the address at which the user's browser signs in. */
  abstract oauthUrl(redirectUri: string, encryptedState: string): Promise<string>
  /** Takes the parameters with which the third party sent the browser back, and posts the new state to Looker. */
  abstract oauthFetchInfo(urlParams: { [key: string]: string }, redirectUri: string): Promise<void>

  asJson(router: RouteBuilder, request: ActionRequest): any {
    return { ...super.asJson(router, request) as object, uses_oauth: true }
  }

  /**
   * Returns the tokens in a state, decrypted if necessary. Returns null if there are none, because the state was reset
   * or cannot be read. Never throws.
   */
  async oauthExtractTokensFromStateJson(stateJson: string, webhookId: string | undefined): Promise<any> {
    if (stateJson === RESET) {
      return null
    }
    let state: { cid?: string, payload?: string } | null
    try {
      state = JSON.parse(stateJson) as typeof state
    } catch {
      winston.error("The user's state is not JSON. The user has to sign in again.", { webhookId })
      return null
    }
    if (!state?.cid || !state.payload) {
      return state
    }
    try {
      return await this.oauthDecryptTokens(new EncryptedPayload(state.cid, state.payload), webhookId)
    } catch (error) {
      const reason = error instanceof Error ? error.message : "no reason given"
      winston.error(`The user's state cannot be decrypted: ${reason} The user has to sign in again.`, { webhookId })
      return null
    }
  }

  /**
   * Returns the tokens as they are stored: encrypted if the environment has `ENCRYPT_PAYLOAD_<NAME>=true` for this
   * action, otherwise as JSON. Throws whatever the encryption throws.
   */
  async oauthMaybeEncryptTokens(payload: any, webhookId: string | undefined): Promise<EncryptedPayload | string> {
    if (process.env[`ENCRYPT_PAYLOAD_${this.name.toUpperCase()}`] === "true") {
      return EncryptedPayload.encrypt(payload as TokenPayload, webhookId)
    }
    return JSON.stringify(payload)
  }

  /** Throws as `EncryptedPayload.decrypt` does. */
  async oauthDecryptTokens(
    encryptedPayload: EncryptedPayload,
    webhookId: string | undefined,
  ): Promise<Record<string, any>> {
    return encryptedPayload.decrypt(webhookId)
  }

}

export function isOauthAction(action: Action): boolean {
  return action instanceof OAuthAction
}
