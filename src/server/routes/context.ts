import type * as Hub from "../../hub"
import type { CoordinationHome } from "../../hub/coordination/coordination_home"
import type { ProcessQueue } from "../../xpc/process_queue"
import type { BodyPatience } from "../body/body_patience"
import type { ProjectFiles } from "../project_folder"
import type { RunsInFlight } from "../runs_in_flight"
import type { ServerSettings } from "../server_settings"

/** What the routes share: one per server. */
export interface RouteContext {
  settings: ServerSettings
  /** Gives actions their absolute addresses. */
  router: Hub.RouteBuilder
  runs: RunsInFlight
  /** How long an execution in this process may take before it is told to stop, in ms. Twice that for extended ones. */
  timeLimitMs: number
  executeQueue: ProcessQueue
  extendedQueue: ProcessQueue
  /** Who keeps the calls and leases that forms and all processes agree on. */
  coordination: CoordinationHome
  /** What is served from files. */
  files: ProjectFiles
  /** How long bodies may take: those of executions, and all others. */
  patience: { execution: BodyPatience, ordinary: BodyPatience }
  /** False once the hub was told to stop: no execution begins any more. */
  isReady: () => boolean
}
