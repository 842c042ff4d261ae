import PQueue from "p-queue"

/**
 * What the server asks of a queue of executions, and what others extend to bring their own.
 *
 * `run` takes one serialized action request (`JSON.stringify(request)`) and resolves with one serialized reply; it
 * rejects when there is no reply to give.
 */
export abstract class ProcessQueue {

  queue = new PQueue()

  abstract run(data: string): Promise<string>

  /**
   * Like `run`, for queues that can do without the JSON in between: an attachment's bytes then cross over as they are.
   * Optional, since queues of existing hubs don't have it.
   */
  execute?(request: object): Promise<object>

}
