import * as Hub from "../../hub"

/** Runs in a process of its own and answers with the `success` that it finds in its attachment's JSON. */
export class QueueTestAction extends Hub.Action {

  name = "queue_test_action"
  label = "Queue Test Action"
  description = "Answers as its attachment says. For testing queues."
  supportedActionTypes = [Hub.ActionType.Query]
  params = []
  usesStreaming = true
  executeInOwnProcess = true

  async execute(request: Hub.ActionRequest): Promise<Hub.ActionResponse> {
    const text = await request.stream(async (readable) => {
      const chunks: Buffer[] = []
      for await (const chunk of readable) {
        chunks.push(chunk as Buffer)
      }
      return Buffer.concat(chunks).toString("utf8")
    })
    const { success } = JSON.parse(text) as { success: boolean }
    return new Hub.ActionResponse({ success })
  }

}

if (process.env.CHILD_TEST) {
  Hub.addAction(new QueueTestAction())
}
