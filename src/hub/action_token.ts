/* eslint-disable @typescript-eslint/no-explicit-any -- Every provider has tokens of its own shape. */

/** What an action of OAuth version 2 answers when Looker asks it for tokens. */
export class ActionToken {

  constructor(public tokens: any, public redirect: any) {}

  asJson(): any {
    const { tokens, redirect } = this as { tokens: unknown, redirect: unknown }
    return { tokens, redirect }
  }

}
