/** The execute processes of a queue. */
export interface ProcessCounts {
  /** The number that is kept, as set. */
  wanted: number
  /** Those that have loaded the actions and take runs. */
  ready: number
  starting: number
  /** Those that take no more runs and end after their last one. */
  ending: number
  /** The runs in all of them. */
  runs: number
}
