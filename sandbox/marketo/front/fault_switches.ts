import { FaultRule, Faults } from "../faults/faults"

/** The faults that can be switched on and off by hand, with what they do. */
export const SWITCHES = {
  quota: {
    label: "The day's quota is used up",
    rule: { match: { path: /^\/rest\// }, effect: { kind: "error", code: "607" } },
  },
  token: {
    label: "The access token expires at every fourth call",
    rule: { match: { path: /^\/rest\// }, every: 4, effect: { kind: "expireToken" } },
  },
  slow: {
    label: "Every call takes two seconds longer",
    rule: { match: { path: /^\/rest\// }, effect: { kind: "delay", ms: 2000 } },
  },
  duplicates: {
    label: "The first lead of every upsert exists twice",
    rule: { match: { operation: "syncLeads" }, effect: { kind: "record", code: "1007", positions: [0] } },
  },
} satisfies Record<string, { label: string, rule: FaultRule }>

type SwitchName = keyof typeof SWITCHES

/** Faults that a person switches. They go with all others when faults are cleared. */
export class FaultSwitches {
  private readonly removals = new Map<SwitchName, () => void>()

  constructor(private readonly faults: Faults) {}

  /** Sets the switches that `wanted` names. Throws a TypeError for a name that is no switch. */
  set(wanted: Record<string, unknown>) {
    for (const [name, isOn] of Object.entries(wanted)) {
      if (!Object.hasOwn(SWITCHES, name)) {
        throw new TypeError(`there is no switch "${name}"; there are ${Object.keys(SWITCHES).join(", ")}`)
      }
      this.turn(name as SwitchName, isOn === true)
    }
  }

  /** Returns the switches for a person. */
  state(): { name: string, label: string, isOn: boolean }[] {
    const rules = this.faults.state().map(({ rule }) => rule)
    return Object.entries(SWITCHES).map(([name, { label, rule }]) =>
      ({ name, label, isOn: rules.includes(rule as FaultRule) }))
  }

  private turn(name: SwitchName, isOn: boolean) {
    this.removals.get(name)?.()
    this.removals.delete(name)
    if (isOn) {
      this.removals.set(name, this.faults.add(SWITCHES[name].rule))
    }
  }
}
