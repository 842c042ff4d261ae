/** A response-level failure: HTTP 200, `success: false`, this code and message, and nothing executed. */
export class ApiError extends Error {
  constructor(readonly code: string, message: string) {
    super(message)
  }
}
