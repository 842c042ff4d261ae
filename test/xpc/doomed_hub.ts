/** A hub (compiled) whose one run is stuck in a loop; tells its parent the execute process's id, and waits to be killed. */
import * as path from "node:path"

import { ActionRequest } from "../../src/hub"
import { ExecuteProcessQueue } from "../../src/xpc/execute_process_queue"
import type { RunReply } from "../../src/xpc/process_messages"

const queue = new ExecuteProcessQueue({ program: path.join(__dirname, "probe_process.js") })

async function probe(behaviour: string): Promise<RunReply> {
  const request = new ActionRequest()
  request.actionId = "probe"
  request.formParams = { behaviour }
  return await queue.execute(request)
}

async function beDoomed(): Promise<void> {
  const { message } = await probe("processId")
  void probe("loop")
  setTimeout(() => process.send?.(Number(message)), 200)
}

void beDoomed()
