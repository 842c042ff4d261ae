/* eslint-disable @typescript-eslint/no-explicit-any -- Every provider has tokens of its own shape. */

/** Tokens in a form that an action defines. */
export abstract class TokenPayload {

  /** For subclasses to replace. Throws an Error otherwise. */
  static fromJson(_json: any): TokenPayload {
    throw new Error("Not implemented: fromJson")
  }

  abstract asJson(): any

}
