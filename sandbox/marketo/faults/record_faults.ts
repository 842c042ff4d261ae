import { Call, Reason, ResultBody } from "../calls/api_reply"
import { holdsValue } from "./fault_matching"
import { usualMessage } from "../calls/usual_messages"

/** Returns an injected fault's reason for skipping this record, if there is one. */
export function forcedReason(call: Call, position: number, record: unknown): Reason | undefined {
  const { fault } = call
  if (fault?.kind !== "record") {
    return undefined
  }
  const meant = fault.positions?.includes(position)
    || (fault.lookupValue !== undefined && holdsValue(record, fault.lookupValue))
  if (!meant) {
    return undefined
  }
  call.forcedPositions.push(position)
  const code = fault.code ?? "1003"
  return { code, message: fault.message ?? usualMessage(code) }
}

/** Returns the answer with the elements that a "record" fault has for the records it kept from being written. */
export function withForcedAnswers(body: ResultBody, { fault, forcedPositions }: Call): ResultBody {
  if (fault?.kind !== "record" || !fault.answer) {
    return body
  }
  const { answer } = fault
  return { ...body, result: body.result?.map((element, position) =>
    forcedPositions.includes(position) ? answer : element) }
}
