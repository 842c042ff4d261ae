import { Call, Reason } from "./api_reply"
import { holdsValue } from "./faults"

/** The reason that an injected fault gives for skipping this record, if there is one. */
export function forcedReason(call: Call, position: number, record: unknown): Reason | undefined {
  const fault = call.recordFault
  if (!fault) {
    return undefined
  }
  const meant = fault.positions?.includes(position)
    || (fault.lookupValue !== undefined && holdsValue(record, fault.lookupValue))
  return meant ? { code: fault.code, message: fault.message } : undefined
}
