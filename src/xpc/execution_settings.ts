import type { SettingsReader } from "../hub/settings"

/** The time a run may take when nothing else is said: what a process of its own has always been given. */
export const DEFAULT_TIME_LIMIT_MS = 3600000

/** How runs are executed in processes of their own. Durations in ms. */
export interface ExecutionSettings {
  /** `ACTION_HUB_EXECUTE_PROCESS_COUNT`, 1 or more, default 1: execute processes kept for runs. */
  processCount: number
  /**
   * `ACTION_HUB_RUNS_PER_PROCESS`, 1 to 1000, default 20: runs that share one execute process; more wait in line.
   * A streaming run takes some tens of megabytes, so that twenty of them stay well below Node's own memory limit,
   * and twenty runs can use the ten calls at once that Marketo allows an instance to the full.
   */
  runsPerProcess: number
  /**
   * `ACTION_HUB_EXECUTE_TIMEOUT_SECONDS`, 1 to 1,000,000, default 3600: the time a run may take before it is told to
   * stop. Extended actions get twice that. Undefined when not set, so that each queue takes its own default. A run in
   * the hub's own process is told so, too, but can't be ended: nothing is answered for it while it goes on.
   */
  timeLimitMs: number | undefined
  /**
   * `ACTION_HUB_STOP_GRACE_SECONDS`, 0 to 3600, default 30: the time a run that was told to stop has to report what it
   * did, before it is answered for and its process is ended.
   */
  stopGraceMs: number
  /**
   * `ACTION_HUB_UNRESPONSIVE_SECONDS`, 1 to 3600, default 5: a process that does not answer for so long gets no new
   * runs; another one is started for those.
   */
  unresponsiveMs: number
  /**
   * `ACTION_HUB_UNRESPONSIVE_LIMIT_SECONDS`, 1 to 1,000,000, default 60: a process that does not answer for so long
   * is ended, and with it the runs in it, which have stood still all that time.
   */
  unresponsiveLimitMs: number
  /** `ACTION_HUB_START_LIMIT_SECONDS`, 1 to 3600, default 120: the time a process may take to load the actions. */
  startLimitMs: number
  /**
   * `ACTION_HUB_EXECUTE_PROCESS_MEMORY_MB`, 96 or more, default Node's own: ceiling of a process's JavaScript heap
   * (`--max-old-space-size`). A run that needs more ends its process with an out-of-memory message. A ceiling that is
   * too low for `runsPerProcess` is refused.
   */
  memoryMb: number | undefined
}

/** Heap (MB) of a process with what all its runs share, and of each run beside. See bench/load. */
const SHARED_HEAP_MB = 56
const HEAP_MB_OF_A_RUN = 2

/** Reads the variables that {@link ExecutionSettings} names; malformed ones are noted in the reader. */
export function executionSettings(reader: SettingsReader): ExecutionSettings {
  const seconds = (name: string, rule: { default: number, minimum: number, maximum: number }): number =>
    reader.wholeNumber(name, rule) * 1000
  const whenSet = (name: string, read: () => number): number | undefined =>
    reader.text(name) === undefined ? undefined : read()

  const runsPerProcess = reader.wholeNumber("ACTION_HUB_RUNS_PER_PROCESS", { default: 20, minimum: 1, maximum: 1000 })
  const memoryMb = whenSet("ACTION_HUB_EXECUTE_PROCESS_MEMORY_MB", () =>
    reader.wholeNumber("ACTION_HUB_EXECUTE_PROCESS_MEMORY_MB", { default: 2048, minimum: 96 }))
  const neededMb = SHARED_HEAP_MB + runsPerProcess * HEAP_MB_OF_A_RUN
  if (memoryMb !== undefined && memoryMb < neededMb) {
    reader.problems.push(`ACTION_HUB_EXECUTE_PROCESS_MEMORY_MB is ${memoryMb}, which is too little for the ` +
      `${runsPerProcess} runs of ACTION_HUB_RUNS_PER_PROCESS: set it to ${neededMb} or more, or allow fewer runs`)
  }

  return {
    processCount: reader.wholeNumber("ACTION_HUB_EXECUTE_PROCESS_COUNT", { default: 1, minimum: 1, maximum: 1000 }),
    runsPerProcess,
    timeLimitMs: whenSet("ACTION_HUB_EXECUTE_TIMEOUT_SECONDS", () =>
      seconds("ACTION_HUB_EXECUTE_TIMEOUT_SECONDS", { default: 3600, minimum: 1, maximum: 1000000 })),
    stopGraceMs: seconds("ACTION_HUB_STOP_GRACE_SECONDS", { default: 30, minimum: 0, maximum: 3600 }),
    unresponsiveMs: seconds("ACTION_HUB_UNRESPONSIVE_SECONDS", { default: 5, minimum: 1, maximum: 3600 }),
    unresponsiveLimitMs:
      seconds("ACTION_HUB_UNRESPONSIVE_LIMIT_SECONDS", { default: 60, minimum: 1, maximum: 1000000 }),
    startLimitMs: seconds("ACTION_HUB_START_LIMIT_SECONDS", { default: 120, minimum: 1, maximum: 3600 }),
    memoryMb,
  }
}
