import { HTTP_ERROR, HttpErrorInfo } from "./http_errors"

/** Words in Google's messages and the error that each stands for. The first one found decides. */
const GOOGLE_MESSAGES: [string, HttpErrorInfo][] = [
  ["invalid opening quote", HTTP_ERROR.bad_request],
  ["invalid_grant", HTTP_ERROR.unauthenticated],
  ["invalid record length", HTTP_ERROR.bad_request],
  ["file not found", HTTP_ERROR.not_found],
  ["insufficient permissions", HTTP_ERROR.permission_denied],
  ["invalid value", HTTP_ERROR.invalid_argument],
  ["etimedout", HTTP_ERROR.request_timeout],
  ["invalid request", HTTP_ERROR.bad_request],
  ["esockettimedout", HTTP_ERROR.internal_connreset],
  ["aborted", HTTP_ERROR.internal_connreset],
  ["read econnreset", HTTP_ERROR.internal_connreset],
  ["write econnreset", HTTP_ERROR.internal_connreset],
  ["could not authenticate request", HTTP_ERROR.unauthenticated],
  ["socket hang up", HTTP_ERROR.internal_connreset],
  ["the caller does not have permission", HTTP_ERROR.permission_denied],
  ["cannot send more than", HTTP_ERROR.bad_request],
  ["the service is currently unavailable", HTTP_ERROR.unavailable],
]

/**
 * Finds the error to answer with for anything that an action caught.
 *
 * For an action whose name contains `google`, the message is examined first. Otherwise `e.code` decides: a number (or
 * its digits) by HTTP code, a string by status. An unlisted code or status is kept on a copy of `HTTP_ERROR.internal`.
 * Without a code, `HTTP_ERROR.internal` itself is returned.
 */
// Actions pass anything that they caught, of whatever shape.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function getHttpErrorType(e: any, actionName: string): HttpErrorInfo {
  const error = (e ?? {}) as CaughtError
  return (actionName.includes("google") ? errorFromGoogleMessage(error) : undefined) ?? errorFromCode(error.code)
}

interface CaughtError {
  code?: string | number | null
  message?: string
  errors?: { message?: string }[]
  toString: () => string
}

function errorFromGoogleMessage(error: CaughtError): HttpErrorInfo | undefined {
  const text = error.errors?.[0]?.message || error.message || error.toString()
  const message = text.toLowerCase()
  return GOOGLE_MESSAGES.find(([words]) => message.includes(words))?.[1]
}

function errorFromCode(code: string | number | null | undefined): HttpErrorInfo {
  if (!code) {
    return HTTP_ERROR.internal
  }
  const listed: HttpErrorInfo[] = Object.values(HTTP_ERROR)
  const number = Number(code)
  if (Number.isNaN(number)) {
    const status = String(code)
    return listed.find((info) => info.status === status) ?? { ...HTTP_ERROR.internal, status }
  }
  return listed.filter((info) => info.code === number).pop() ?? { ...HTTP_ERROR.internal, code: number }
}
