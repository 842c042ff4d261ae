import { DEFAULT_TIME_LIMIT_MS } from "./execution_settings"
import { PooledProcessQueue } from "./pooled_process_queue"

/** Runs actions that declare `executeInOwnProcess`. */
export class ExecuteProcessQueue extends PooledProcessQueue {

  PROCESS_TIMEOUT = DEFAULT_TIME_LIMIT_MS

}
