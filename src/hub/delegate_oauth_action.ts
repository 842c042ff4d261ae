/* eslint-disable @typescript-eslint/no-explicit-any -- Subclasses of existing hubs add members to the definition. */
import { Action, ActionParameter, RouteBuilder } from "./action"
import { ActionForm } from "./action_form"
import { ActionRequest } from "./action_request"

/** A setting that is made by signing in elsewhere. */
export interface DelegateOauthActionParameter extends ActionParameter {
  delegate_oauth_url: string
}

/** An action that is authorised at a third party, once for all users. */
export abstract class DelegateOAuthAction extends Action {

  abstract params: DelegateOauthActionParameter[]

  /** Returns a form whose messages say whether the connection works. */
  abstract oauthCheck(request: ActionRequest): Promise<ActionForm>

  asJson(router: RouteBuilder, request: ActionRequest): any {
    return { ...super.asJson(router, request) as object, uses_oauth: true, delegate_oauth: true }
  }

}

export function isDelegateOauthAction(action: Action): boolean {
  return action instanceof DelegateOAuthAction
}
