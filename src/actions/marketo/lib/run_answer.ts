import { HTTP_ERROR, HttpErrorInfo } from "../../../error_types/http_errors"
import * as Hub from "../../../hub"
import { MarketoConfiguration } from "./configuration/configuration"
import { MarketoError, MarketoErrorKind, MarketoSettingsError, RunStoppedError } from "./errors"
import { ReasonCategory } from "./report/hub_account"
import { RunReport } from "./report/run_report"
import { QUERY_RUN, RunKind } from "./run_kind"
import { StopReason } from "./stopping/run_control"
import { quotaSpent } from "./stopping/stop_reasons"
import { sentence } from "./words/sentence"

const ERROR_CODES_PAGE =
  "https://experienceleague.adobe.com/docs/marketo-developer/marketo/rest/error-codes.html"

/** Returns the answer to a request whose rows were all read. It is a success only if everything was applied. */
export function answerOf(
  request: Hub.ActionRequest, report: RunReport, { isJsonInMessage }: MarketoConfiguration, kind: RunKind = QUERY_RUN,
): Hub.ActionResponse {
  return answer(request, report, kind.message(report, isJsonInMessage), kind.inShort(report), HTTP_ERROR.bad_request)
}

/**
 * Returns the answer to a request that a failure ended: the account of the rows, or the reason alone while no row has
 * been read. Throws the failure itself if the request cannot start as it is, or if the fault is ours.
 */
export function answerToFailure(
  request: Hub.ActionRequest, report: RunReport, { isJsonInMessage }: MarketoConfiguration, failure: unknown,
  stopReason?: StopReason, runKind: RunKind = QUERY_RUN,
): Hub.ActionResponse {
  if (!(failure instanceof MarketoError || failure instanceof RunStoppedError) ||
    failure instanceof MarketoSettingsError) {
    throw failure
  }
  const reason = reasonOf(failure, report, runKind)
  report.runFailed(reason, categoryOfFailure(failure, stopReason))
  const kind = failure instanceof MarketoError ? failure.kind : "unavailable"
  const hasRows = report.rows.received > 0
  const message = hasRows ? runKind.message(report, isJsonInMessage) : reason
  const inShort = hasRows ? runKind.inShort(report) : report.runErrors.map((each) => each.message).join(" ")
  return answer(request, report, message, inShort, httpErrorOf(kind))
}

function answer(
  request: Hub.ActionRequest, report: RunReport, message: string, inShort: string, kindOfError: HttpErrorInfo,
): Hub.ActionResponse {
  const success = report.isSuccess
  const response = new Hub.ActionResponse({ success, message })
  if (!success) {
    response.error = {
      ...Hub.errorWith(kindOfError, inShort),
      // Without the general words for the status that the hub puts before it: they say nothing to a person.
      message: inShort,
      documentation_url: ERROR_CODES_PAGE,
    }
    response.webhookId = request.webhookId
  }
  return response
}

/** Returns the part of the world in which a failure of the run lies. */
function categoryOfFailure(failure: MarketoError | RunStoppedError, stopReason?: StopReason): ReasonCategory {
  if (failure instanceof RunStoppedError) {
    return stopReason?.category ?? "hub"
  }
  switch (failure.kind) {
    case "auth":
      return "access"
    case "quota":
    case "settings":
      return failure.kind
    default:
      return "marketo"
  }
}

/** Returns the failure's own words, and if no row was read, that nothing was done and whether to try again. */
function reasonOf(
  failure: MarketoError | RunStoppedError, report: RunReport, { nothingDone }: RunKind,
): string {
  if (failure instanceof MarketoError && failure.kind === "quota") {
    return quotaSpent(failure).message
  }
  if (report.rows.received > 0) {
    return failure.message
  }
  const isPassing = failure instanceof MarketoError && ["unavailable", "throttled"].includes(failure.kind)
  if (!isPassing) {
    return saysThatNothingWasSent(failure.message) ? failure.message : `${sentence(failure.message)} ${nothingDone}`
  }
  const { said, code } = failure
  // Marketo's bare words say neither whose they are nor what they are about; our advice is for rows that were sent.
  const reason = said === undefined || code === undefined ? failure.message :
    `Marketo did not answer what has to be known before anything is sent, several times in a row: ` +
      `${said.replace(/[.\s]+$/, "")} (code ${code})`
  return `${sentence(reason)} ${nothingDone} Try again later.`
}

function saysThatNothingWasSent(message: string): boolean {
  return message.startsWith("Nothing was sent")
}

/** Returns the hub's kind of error for what kept the run from its end. */
function httpErrorOf(kind: MarketoErrorKind): HttpErrorInfo {
  switch (kind) {
    case "auth":
      return HTTP_ERROR.unauthenticated
    case "quota":
    case "throttled":
      return HTTP_ERROR.resource_exhausted
    case "unavailable":
      return HTTP_ERROR.unavailable
    case "settings":
      return HTTP_ERROR.invalid_argument
    default:
      return HTTP_ERROR.bad_request
  }
}
