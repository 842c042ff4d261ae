import { coordinationSettings } from "../../hub/coordination/coordination_settings"
import { isForkingEnabled } from "../../hub/forking"
import { SettingsReader } from "../../hub/settings"
import { readerSettings, streamSettings } from "../../hub/stream/stream_settings"
import type { StoppableQueue } from "../shutdown"
import { BoundedCheck } from "./bounded_check"
import type { Check } from "./check"
import type { CoordinationWatch } from "./coordination_watch"
import { directoryCheck } from "./directory_check"
import { processCheck } from "./process_check"

/** Shorter than the second that Kubernetes waits for a probe, if nothing else is said. */
export const PROBE_LIMIT_MS = 800

/** The time for which an outcome is trusted: of what costs a message, and of what costs a file. */
const COORDINATION_TRUSTED_MS = 1000
const DIRECTORY_TRUSTED_MS = 5000

/** The most that a spool writes at once. Less room is none. */
const SPOOL_PROBE_BYTES = 1024 * 1024
/** A file of the hub's state is rarely larger. */
const STATE_PROBE_BYTES = 4096

/** What the checks look at. */
export interface CheckedParts {
  coordination: CoordinationWatch
  executeQueue: StoppableQueue
  /** Returns false once the hub was told to stop. */
  isReady: () => boolean
  environment?: NodeJS.ProcessEnv
}

/** Returns the checks of a hub in this environment. */
export function readinessChecks({
  coordination, executeQueue, isReady, environment = process.env,
}: CheckedParts): Check[] {
  const reader = new SettingsReader(environment)
  const { spool } = streamSettings(reader)
  const { redis, stateDirectory } = coordinationSettings(reader)
  readerSettings(reader)
  const inDirectory = { trustedMs: DIRECTORY_TRUSTED_MS, limitMs: PROBE_LIMIT_MS }
  const spoolCheck = directoryCheck("spool", "ACTION_HUB_SPOOL_DIRECTORY", spool.directory, SPOOL_PROBE_BYTES)
  const needsState = stateDirectory !== undefined && redis?.isRequired !== true
  return [
    { name: "running", problem: async () => isReady() ? undefined : "The hub is shutting down." },
    configurationCheck(reader.problems),
    ...(isForkingEnabled() ? [processCheck(executeQueue)] : []),
    // The watch has that limit itself, and words of its own for it.
    new BoundedCheck(coordination, { trustedMs: COORDINATION_TRUSTED_MS, limitMs: 2 * PROBE_LIMIT_MS }),
    ...(spool.toDisk ? [new BoundedCheck(spoolCheck, inDirectory)] : []),
    ...(needsState ? [new BoundedCheck(
      directoryCheck("state", "ACTION_HUB_STATE_DIRECTORY", stateDirectory, STATE_PROBE_BYTES), inDirectory)] : []),
  ]
}

/**
 * Returns a check that runs find valid settings. A hub does not start with malformed ones, except where another project
 * starts the server by itself. Values stay out of the sentence, since anybody can read it.
 */
function configurationCheck(problems: string[]): Check {
  const names = problems.map((problem) => /^[A-Z0-9_]+/.exec(problem)?.[0]).filter((name) => name !== undefined)
  return {
    name: "configuration",
    problem: async () => problems.length === 0 ? undefined :
      `Settings are malformed${names.length === 0 ? "" : `: ${names.join(", ")}`}.`,
  }
}
