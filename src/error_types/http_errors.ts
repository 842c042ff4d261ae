/** An action's failure as Looker gets it: the kind of error in HTTP's terms, and a sentence for a person. */
export interface HttpErrorInfo {
  status: string
  code: number
  description: string
}

function httpError(status: string, code: number, description: string): HttpErrorInfo {
  return { status, code, description }
}

/**
 * The errors that actions answer with, by name. Their order matters to `getHttpErrorType`: if several have one code, it
 * takes the last.
 */
export const HTTP_ERROR = {
  bad_request: httpError(
    "BAD_REQUEST", 400, "Server cannot process request due to client request error."),
  invalid_argument: httpError(
    "INVALID_ARGUMENT", 400, "Client specified an invalid argument."),
  failed_precondition: httpError(
    "FAILED_PRECONDITION", 400, "Request can not be executed in the current system state."),
  unauthenticated: httpError(
    "UNAUTHENTICATED", 401, "Request not authenticated due to missing, invalid, or expired authentication."),
  permission_denied: httpError(
    "PERMISSION_DENIED", 403, "Client does not have sufficient permission."),
  not_found: httpError(
    "NOT_FOUND", 404, "Specified resource is not found."),
  request_timeout: httpError(
    "REQUEST_TIMEOUT", 408, "Request timed out before being able to complete"),
  already_exists: httpError(
    "ALREADY_EXISTS", 409, "The resource that a client tried to create already exists."),
  payload_too_large: httpError(
    "PAYLOAD_TOO_LARGE", 413, "Request entity is larger than limits defined by server."),
  resource_exhausted: httpError(
    "RESOURCE_EXHAUSTED", 429, "Either out of resource quota or reaching rate limiting."),
  internal: httpError(
    "INTERNAL", 500, "Internal server error."),
  internal_connreset: httpError(
    "INTERNAL_ECONNRESET", 500, "Server has closed the connection while the client was writing data."),
  bad_gateway: httpError(
    "BAD_GATEWAY", 502, "Server, while working as a gateway to get a response needed to handle the request, " +
    "got an invalid response."),
  unavailable: httpError(
    "UNAVAILABLE", 503, "The server is not ready to handle the request."),
  gateway_timeout: httpError(
    "GATEWAY_TIMEOUT", 504, "Server is acting as a gateway and cannot get a response in time."),
}
