import PQueue from "p-queue"

/**
 * A queue of executions as the server uses it. Other hubs extend it to bring their own.
 *
 * `run` takes one serialized action request (`JSON.stringify(request)`) and resolves with one serialized reply. It
 * rejects if there is no reply.
 */
export abstract class ProcessQueue {

  queue = new PQueue()

  abstract run(data: string): Promise<string>

  /**
   * Like `run`, for queues that do not need the JSON in between. An attachment's bytes then cross over unchanged.
   * Optional, since queues of existing hubs do not have it.
   */
  execute?(request: object): Promise<object>

}
