/** One execute process, for those who run the hub. */
export interface ProcessState {
  /** The system's id; absent if the system had no room for it. */
  id?: number
  /** `ending`: it takes no more runs, and ends after its last one. */
  state: "starting" | "ready" | "ending"
  runs: number
}
