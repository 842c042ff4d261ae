/** Raised inside a run to unwind what still waits, once the run has been told to stop. */
export class RunStoppedError extends Error {
  constructor(message: string) {
    super(message)
    this.name = "RunStoppedError"
  }
}
