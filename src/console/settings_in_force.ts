import { SettingsReader } from "../hub/settings"
import type { SettingInForce } from "./watch/shapes"

/** Texts that hold no secret. All others are masked, so that a new variable is no secret given away. */
const SHOWN_TEXTS = new Set([
  "ACTION_HUB_BASE_URL", "ACTION_HUB_LABEL", "ACTION_HUB_HOST", "ACTION_HUB_REDIS_PREFIX",
  "ACTION_HUB_STATE_DIRECTORY", "ACTION_HUB_SPOOL_DIRECTORY", "ACTION_HUB_TRUST_PROXY", "NODE_ENV",
])

/** Takes note of every setting that is read through it. Numbers, flags, choices and lists are no secrets. */
export class WatchedReader extends SettingsReader {
  private readonly seen = new Map<string, SettingInForce>()

  /** What was read so far, by name. */
  get settings(): SettingInForce[] {
    return [...this.seen.values()].sort((one, other) => one.name < other.name ? -1 : 1)
  }

  /** Adds a setting that others have read; `value` must be no secret. */
  note(name: string, value: string | undefined): void {
    const isSet = super.text(name) !== undefined
    this.seen.set(name, { name, isSet, isMasked: false, ...(value === undefined || value === "" ? {} : { value }) })
  }

  override text(name: string): string | undefined {
    const value = super.text(name)
    if (!this.seen.has(name)) {
      const isShown = SHOWN_TEXTS.has(name)
      this.seen.set(name, {
        name, isSet: value !== undefined, isMasked: value !== undefined && !isShown,
        ...(value !== undefined && isShown ? { value } : {}),
      })
    }
    return value
  }

  override wholeNumber(name: string, rule: { default: number, minimum: number, maximum?: number }): number {
    const value = super.wholeNumber(name, rule)
    this.note(name, String(value))
    return value
  }

  override flag(name: string, defaultValue: boolean): boolean {
    const value = super.flag(name, defaultValue)
    this.note(name, String(value))
    return value
  }

  override choice<T extends string>(name: string, choices: readonly T[], defaultValue: T): T {
    const value = super.choice(name, choices, defaultValue)
    this.note(name, value)
    return value
  }

  override list(name: string): string[] {
    const value = super.list(name)
    this.note(name, value.join(", "))
    return value
  }
}
