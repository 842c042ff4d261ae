import { outcomeOf } from "../../../../src/actions/marketo/lib/api/call_outcome"
import { MarketoReply } from "../../../../src/actions/marketo/lib/api/http"
import { MarketoError, Permission } from "../../../../src/actions/marketo/lib/errors"

/** Returns the error of a reply that must be a failure. */
export function failureOf(reply: MarketoReply, permission?: Permission): MarketoError {
  const outcome = outcomeOf(reply, permission)
  if (outcome.kind === "success") {
    throw new Error("Expected a failure")
  }
  return outcome.error
}
