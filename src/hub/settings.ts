import { FILE_ENDING } from "./known_variables"

/** The values that a variable of the environment may have, and the one that stands in if it is not set. */
interface WholeNumberRule {
  default: number
  /** Smallest accepted value. */
  minimum: number
  /** The largest accepted value; no limit if absent. */
  maximum?: number
}

/** Raised if variables are missing or malformed. Its message names each of them and a valid value. */
export class SettingsError extends Error {
  constructor(readonly problems: string[]) {
    super(`The configuration needs attention:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`)
    this.name = "SettingsError"
  }
}

/**
 * Reads variables of the environment and collects everything wrong with them, so that one message can name it all. A
 * variable that is unset or blank has its default. A malformed one is noted and has its default, too; {@link
 * readSettings} then throws.
 */
export class SettingsReader {
  readonly problems: string[] = []

  constructor(private readonly environment: NodeJS.ProcessEnv) {}

  text(name: string): string | undefined {
    const value = this.environment[name]?.trim()
    return value === undefined || value === "" ? undefined : value
  }

  /** Returns the text. Whoever reads files says why the one that was named cannot be read. */
  requiredText(name: string, advice: string): string {
    const value = this.text(name)
    if (value === undefined && this.text(`${name}${FILE_ENDING}`) === undefined) {
      this.problems.push(`${name} is not set: ${advice}`)
    }
    return value ?? ""
  }

  wholeNumber(name: string, rule: WholeNumberRule): number {
    const value = this.text(name)
    if (value === undefined) {
      return rule.default
    }
    const maximum = rule.maximum ?? Number.MAX_SAFE_INTEGER
    const parsed = /^\d+$/.test(value) ? Number(value) : NaN
    if (!(parsed >= rule.minimum && parsed <= maximum)) {
      const upTo = rule.maximum === undefined ? "or more" : `to ${rule.maximum}`
      this.problems.push(`${name} is "${value}": set a whole number, ${rule.minimum} ${upTo}`)
      return rule.default
    }
    return parsed
  }

  /** Returns the flag's value. Understands `true`, `false`, `1`, `0`, `on`, `off`, `yes` and `no`. */
  flag(name: string, defaultValue: boolean): boolean {
    const value = this.text(name)?.toLowerCase()
    if (value === undefined) {
      return defaultValue
    }
    if (["true", "1", "on", "yes"].includes(value)) {
      return true
    }
    if (!["false", "0", "off", "no"].includes(value)) {
      this.problems.push(`${name} is "${value}": set true or false`)
      return defaultValue
    }
    return false
  }

  /** Returns the choice that is set. */
  choice<T extends string>(name: string, choices: readonly T[], defaultValue: T): T {
    const value = this.text(name)?.toLowerCase()
    const chosen = value === undefined ? defaultValue : choices.find((choice) => choice === value)
    if (chosen === undefined) {
      this.problems.push(`${name} is "${value}": set one of ${choices.join(", ")}`)
    }
    return chosen ?? defaultValue
  }

  /** Returns the comma-separated entries, trimmed, without empty ones. */
  list(name: string): string[] {
    return (this.text(name) ?? "").split(",").map((entry) => entry.trim()).filter((entry) => entry !== "")
  }
}

/**
 * Returns the result of `read` on the environment.
 * Throws one SettingsError that names every problem found on the way.
 */
export function readSettings<T>(
  read: (reader: SettingsReader) => T,
  environment: NodeJS.ProcessEnv = process.env,
): T {
  const reader = new SettingsReader(environment)
  const settings = read(reader)
  if (reader.problems.length > 0) {
    throw new SettingsError(reader.problems)
  }
  return settings
}
