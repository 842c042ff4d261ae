import { Answerer } from "./answerer"
import { Delays } from "../limits/delays"
import { FaultEffect, executionOf, keepsAnswer } from "../calls/fault_effects"
import { Faults } from "../faults/faults"
import { Identity } from "../limits/identity"
import { LedgerCall } from "../ledger/ledger"
import { SandboxKnobs } from "../setup/options"
import { Parameters } from "../calls/parameters"

export const IDENTITY_PATH = "/identity/oauth/token"

/** The identity call as it comes over HTTP. It is never counted or limited, but faults can hit it. */
export class IdentityEndpoint {
  constructor(
    private readonly identity: Identity,
    private readonly faults: Faults,
    private readonly delays: Delays,
    private readonly knobs: SandboxKnobs,
    private readonly beginOutage: (effect: Extract<FaultEffect, { kind: "outage" }>) => void,
  ) {}

  async answer(entry: LedgerCall, parameters: Parameters, answerer: Answerer): Promise<void> {
    const { method, path } = entry
    entry.operation = "identity"
    entry.clientId = parameters.one("client_id")
    const { effect, delayMs } = this.faults.effectsFor({ operation: "identity", path, method,
      clientId: entry.clientId, json: undefined, parameters, bodyBytes: entry.requestBytes })
    entry.fault = effect?.kind ?? (delayMs > 0 ? "delay" : undefined)
    await this.delays.wait(delayMs + this.knobs.latency.identity)
    if (effect?.kind === "outage") {
      this.beginOutage(effect)
    }
    if (keepsAnswer(effect) && executionOf(effect) !== "before") {
      answerer.inPlaceOfAnswer(effect, false)
    } else if (method !== "GET" && method !== "POST") {
      answerer.html(405)
    } else {
      const { httpStatus, body } = this.identity.answer(parameters)
      entry.executed = httpStatus === 200
      answerer.identity(httpStatus, body, effect)
    }
  }
}
