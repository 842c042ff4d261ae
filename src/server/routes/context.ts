import type * as Hub from "../../hub"
import type { CoordinationHome } from "../../hub/coordination/coordination_home"
import type { Metrics } from "../../hub/metrics"
import type { MetricsHome } from "../../observability/metrics_home"
import type { RunBook } from "../../runs/run_book"
import type { BodyPatience } from "../body/body_patience"
import type { HubPages } from "../hub_pages"
import type { CoordinationWatch } from "../probes/coordination_watch"
import type { Readiness } from "../probes/readiness"
import type { ProjectFiles } from "../project_folder"
import type { RunsInFlight } from "../runs_in_flight"
import type { ServerSettings } from "../server_settings"
import type { StoppableQueue } from "../shutdown"

/** The objects that the routes of one server share. */
export interface RouteContext {
  settings: ServerSettings
  /** Builds the absolute addresses of actions. */
  router: Hub.RouteBuilder
  runs: RunsInFlight
  /** The time after which an execution in this process is told to stop, in ms. Extended ones get twice that. */
  timeLimitMs: number
  executeQueue: StoppableQueue
  extendedQueue: StoppableQueue
  /** The home of the calls and leases that forms and all processes agree on. */
  coordination: CoordinationHome
  /** The records of runs, and the reports of their rows. */
  runBook: RunBook
  /** The metrics as this process reports to them. */
  metrics: Metrics
  /** The metrics to be shown here, and to whom; absent where they are not. */
  shownMetrics?: { home: MetricsHome, token?: string }
  /** Pages for people besides the front page; absent if there are none. */
  pages?: HubPages
  /** The content served from files. */
  files: ProjectFiles
  /** The time limits for bodies: those of executions, and all others. */
  patience: { execution: BodyPatience, ordinary: BodyPatience }
  /** The state of the coordination, for probes. */
  coordinationWatch: CoordinationWatch
  readiness: Readiness
  /** Returns false once the hub was told to stop. */
  isReady: () => boolean
  /** Returns false once no execution begins any more, which may be some seconds after the hub was told to stop. */
  takesRuns: () => boolean
}
