/* eslint-disable @typescript-eslint/no-explicit-any -- Every provider has tokens of its own shape. */

/** Tokens in a form that an action defines. */
export abstract class TokenPayload {

  /** Reads tokens from JSON. Subclasses replace it; this one throws an Error. */
  static fromJson(_json: any): TokenPayload {
    throw new Error("Not implemented: fromJson")
  }

  abstract asJson(): any

}
