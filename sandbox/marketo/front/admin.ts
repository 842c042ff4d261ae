import { Answerer } from "./answerer"
import { Desk } from "./desk"
import { FaultRule, Faults } from "../faults/faults"
import { Ledger } from "../ledger/ledger"
import { Limits } from "../limits/limits"
import { Store } from "../instance/store"

/**
 * Endpoints under `/sandbox/` for use by hand. They need no token, are in no ledger, and count nowhere: `state`,
 * `ledger`, `leads`, `faults` (GET, POST a rule, DELETE all), `reset` (POST), and for the playground `desk` (GET) and
 * `switches` (POST).
 */
export class Admin {
  constructor(
    private readonly store: Store,
    private readonly ledger: Ledger,
    private readonly limits: Limits,
    private readonly faults: Faults,
    private readonly desk: Desk,
    private readonly reset: () => void,
  ) {}

  /** `url`: path and query. */
  answer(method: string, url: string, body: Buffer, answerer: Answerer) {
    const [path, query = ""] = url.split("?", 2)
    switch (`${method} ${path}`) {
      case "GET /sandbox/desk":
        return answerer.plain(200, this.desk.state(Number(new URLSearchParams(query).get("after") ?? "0")))
      case "POST /sandbox/switches":
        return this.switch(body, answerer)
      case "GET /sandbox/state":
        return answerer.plain(200, this.state())
      case "GET /sandbox/ledger":
        return answerer.plain(200, { ...this.ledger.summary(), lastCalls: this.ledger.calls.slice(-50) })
      case "GET /sandbox/leads":
        return answerer.plain(200, [...this.store.leads.all()].slice(-100))
      case "GET /sandbox/faults":
        return answerer.plain(200, this.faults.state())
      case "POST /sandbox/faults":
        return this.addFault(body, answerer)
      case "DELETE /sandbox/faults":
        this.faults.clear()
        return answerer.plain(200, { faults: "cleared" })
      case "POST /sandbox/reset":
        this.reset()
        return answerer.plain(200, this.state())
      default:
        return answerer.plain(404, { error: "unknown", paths: ["GET /sandbox/state", "GET /sandbox/ledger",
          "GET /sandbox/leads", "GET|POST|DELETE /sandbox/faults", "POST /sandbox/reset", "GET /sandbox/desk",
          "POST /sandbox/switches"] })
    }
  }

  private addFault(body: Buffer, answerer: Answerer) {
    try {
      const rule = JSON.parse(body.toString("utf8")) as FaultRule
      const effects = Array.isArray(rule?.effect) ? rule.effect : [rule?.effect]
      if (effects.length === 0 || effects.some((effect) => typeof effect?.kind !== "string")) {
        throw new TypeError('a rule needs an effect, for example {"effect":{"kind":"error","code":"606"},"times":1}')
      }
      this.faults.add(rule)
      answerer.plain(200, this.faults.state())
    } catch (error) {
      answerer.plain(400, { error: (error as Error).message })
    }
  }

  private switch(body: Buffer, answerer: Answerer) {
    try {
      this.desk.switch(JSON.parse(body.toString("utf8")))
      answerer.plain(200, this.desk.state(Infinity))
    } catch (error) {
      answerer.plain(400, { error: (error as Error).message })
    }
  }

  private state(): object {
    const names = (assets: Iterable<{ id: number, name: string }>) =>
      [...assets].slice(0, 100).map(({ id, name }) => ({ id, name }))
    return {
      notice: "This is a local stand-in. It is not Marketo and holds its data in memory only.",
      leads: this.store.leads.size,
      lists: [...this.store.lists.values()].slice(0, 100)
        .map(({ id, name, members }) => ({ id, name, members: members.size })),
      campaigns: names(this.store.campaigns.values()),
      programs: names(this.store.programs.values()),
      callsInWindow: this.limits.callsInWindow,
      callsInProgress: this.limits.concurrency,
      dailyUsed: this.limits.dailyUsed,
    }
  }
}
