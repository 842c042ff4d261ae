/** A hub whose actions throw where nobody can catch it. Started by test_process.ts. */
import * as Hub from "../../../src/hub"
import Server from "../../../src/server/server"

class StrayAction extends Hub.Action {
  label = "Stray"
  description = ""
  supportedActionTypes = [Hub.ActionType.Query]
  params = []

  constructor(public name: string, private readonly stray: () => void) {
    super()
  }

  async execute(_request: Hub.ActionRequest): Promise<Hub.ActionResponse> {
    return new Promise(() => { setTimeout(this.stray, 1) })
  }
}

class PatientAction extends Hub.Action {
  name = "patient"
  label = "Patient"
  description = ""
  supportedActionTypes = [Hub.ActionType.Query]
  params = []

  async execute(_request: Hub.ActionRequest): Promise<Hub.ActionResponse> {
    await new Promise((resolve) => setTimeout(resolve, 500))
    return new Hub.ActionResponse({ message: "undisturbed" })
  }
}

Hub.addAction(new StrayAction("exception", () => { throw new Error("thrown for jo@example.com") }))
Hub.addAction(new StrayAction("rejection", () => { void Promise.reject(new Error("rejected for jo@example.com")) }))
Hub.addAction(new PatientAction())
process.on("message", (message) => {
  if (message === "reject") {
    void Promise.reject(new Error("nobody's rejection"))
  } else if (message === "throw") {
    throw new Error("nobody's exception")
  }
})
Server.run()
