import { PooledProcessQueue } from "./pooled_process_queue"

/** Runs actions that declare `executeInOwnProcess`. */
export class ExecuteProcessQueue extends PooledProcessQueue {

  PROCESS_TIMEOUT = 3600000

}
