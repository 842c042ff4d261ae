import type { HomeState, LimitState } from "../../hub/coordination/coordination_home"
import type { RunOutcome, RunRecord } from "../../runs/records/run_record"

/** A run in a list, without its samples. */
export type ListedRun = Omit<RunRecord, "samples">

/** A page of runs, newest first. */
export interface RunsPage {
  runs: ListedRun[]
  /** The `before` of the next page; absent on the last one. */
  next?: string
}

/** Event `runs`: the runs that are under way, and the newest of all, by which a page notices that its list is old. */
export interface RunningView {
  running: ListedRun[]
  newest?: { id: string, outcome: RunOutcome }
}

/** Event `run`: the run that a page is about. */
export type RunView = RunRecord

/** Whether the hub can open the report of a run's rows without its link. */
export interface ReportState {
  canOpen: boolean
}

/** One account of a vendor, and the calls that this hub, or the hubs of one Redis, make to it. */
export interface QuotaView extends LimitState {
  /** The name of the limit in the coordination. */
  name: string
  /** The label of the action that the name begins with; absent if there is no such action. */
  vendor?: string
  /** The account, such as the host of an instance. */
  account: string
  /** The runs under way whose calls count against it. */
  users: ListedRun[]
}

/** Event `quotas`. */
export interface QuotasView {
  /** The calls are those of all hubs of one Redis, not of this hub alone. */
  isShared: boolean
  accounts: QuotaView[]
}

/** One execute process. */
export interface ProcessView {
  /** Absent if the system had no room for it. */
  id?: number
  /** `ending`: it takes no more runs, and ends after its last one. */
  state: "starting" | "ready" | "ending"
  runs: number
  /** Absent where the system does not say it. */
  memoryMb?: number
}

/** A queue and its processes. */
export interface QueueView {
  name: string
  waiting: number
  running: number
  /** The most runs at once; 0 while no process has been asked for yet. */
  room: number
  processes: ProcessView[]
}

/** Event `hub`. Memory in MB, times in ISO 8601. */
export interface HubView {
  version: string
  node: string
  host: string
  processId: number
  startedAt: string
  memoryMb: number
  isStopping: boolean
  runsInFlight: number
  queues: QueueView[]
  coordination: Omit<HomeState, "limits">
  /** The pages that are watched live, and the most there may be. */
  streams: { open: number, most: number }
}

/** A variable of the environment as the hub has read it. */
export interface SettingInForce {
  name: string
  /** The value in force. Absent for what is not set and has no default, and for what may be a secret. */
  value?: string
  /** The environment has it; otherwise the value is the default. */
  isSet: boolean
  /** It has a value that is not shown. */
  isMasked: boolean
}

/** The settings in force. */
export interface SettingsView {
  settings: SettingInForce[]
}

/** The events of a stream, by their names. `trouble`: a sentence about what cannot be read; empty when it can again. */
export interface WatchEvents {
  runs: RunningView
  run: RunView
  quotas: QuotasView
  hub: HubView
  trouble: { message: string }
  /** The session is over, or the hub has stopped. The stream ends after it. */
  over: { why: "session" | "stopping" }
}
