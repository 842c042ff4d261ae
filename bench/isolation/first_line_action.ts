import * as Hub from "../../src/hub"

/**
 * Answers with the time of its first line, on the machine's monotonic clock (ns), which all processes share, and with
 * the id of its process.
 */
class FirstLineAction extends Hub.Action {
  name = "first_line"
  label = "First line"
  description = "Tells when it began"
  supportedActionTypes = [Hub.ActionType.Query]
  params = []
  executeInOwnProcess = true

  override async execute(_request: Hub.ActionRequest): Promise<Hub.ActionResponse> {
    return new Hub.ActionResponse({ message: `${process.hrtime.bigint()} ${process.pid}` })
  }
}

Hub.addAction(new FirstLineAction())
