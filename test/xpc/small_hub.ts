/** A hub of its own, for tests (compiled). Does one run and tells its parent the id of its execute process. */
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

/** With the argument "loop" a second run is then stuck for ever; without, there is nothing left to do. */
async function serve(): Promise<void> {
  const { message } = await probe("processId")
  if (process.argv.includes("loop")) {
    void probe("loop")
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  process.send?.(Number(message))
}

void serve()
