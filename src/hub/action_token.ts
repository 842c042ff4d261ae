/* eslint-disable @typescript-eslint/no-explicit-any -- Every provider has tokens of its own shape. */

/** The answer of an OAuth version 2 action when Looker asks it for tokens. */
export class ActionToken {

  constructor(public tokens: any, public redirect: any) {}

  asJson(): any {
    const { tokens, redirect } = this as { tokens: unknown, redirect: unknown }
    return { tokens, redirect }
  }

}
