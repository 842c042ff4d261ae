import * as fs from "node:fs"

import * as Hub from "../../src/hub"

/** What a {@link ProbeAction} can be asked to do, as the form parameter `behaviour`. */
type Behaviour = (request: Hub.ActionRequest) => Promise<Hub.ActionResponse | undefined>

const behaviours: Record<string, Behaviour> = {
  answer: async (request) => answered(request.formParams.text),
  processId: async () => answered(String(process.pid)),
  processCount: async () => answered(process.env.ACTION_HUB_EXECUTE_PROCESS_COUNT),
  countRows: async (request) => {
    let rows = 0
    await request.streamJsonDetail({ onRow: () => { rows++ } })
    return answered(String(rows))
  },
  attachmentLength: async (request) => answered(String(request.attachment?.dataBuffer?.length)),
  attachmentDigest: async ({ attachment }) => {
    const keys = Object.keys(attachment ?? {}).join()
    const json = attachment?.dataJSON as unknown[] | undefined
    return answered([attachment?.dataBuffer?.length, json?.length, json?.[0], json?.at(-1), keys].map(String).join(" "))
  },
  secrets: async () =>
    answered(["ACTION_HUB_SECRET", "CIPHER_MASTER"].map((name) => `${name} ${process.env[name]}`).join(", ")),
  fullResponse: async () => {
    const response = new Hub.ActionResponse({ success: false, message: "m", refreshQuery: true })
    response.validationErrors = [{ field: "f", message: "wrong" }]
    response.state = new Hub.ActionState()
    response.state.data = "kept"
    response.webhookId = "w"
    return response
  },
  hold: async (request) => answered((await hold(request)).join(" ")),
  holdAndDie: async (request) => {
    await hold(request)
    return process.exit(3)
  },
  call: async (request) => {
    const permit = await limit(request).acquire({ party: request.webhookId ?? "" }, request.stopSignal)
    permit.sent()
    permit.release("accepted")
    return answered("called")
  },
  callAndDie: async (request) => {
    (await limit(request).acquire({ party: "dying" })).sent()
    return process.exit(3)
  },
  nothing: async () => undefined,
  exit: async () => process.exit(3),
  exhaustMemory: async () => {
    const kept: string[][] = []
    for (;;) {
      kept.push(new Array<string>(1000000).fill(`${kept.length}`))
    }
  },
  loop: async () => {
    for (;;) { /* for ever */ }
  },
  waitForStop: async (request) => new Promise((resolve) => {
    const report = () => resolve(new Hub.ActionResponse({
      success: false,
      message: `sent 7 of 9 rows, then stopped: ${(request.stopSignal?.reason as Error).message}`,
    }))
    request.stopSignal?.addEventListener("abort", report)
  }),
  ignoreStop: async () => new Promise(() => setInterval(() => undefined, 1000)),
  waitForFile: async (request) => new Promise((resolve) => {
    const timer = setInterval(() => {
      if (fs.existsSync(request.formParams.file ?? "")) {
        clearInterval(timer)
        resolve(answered("the file is there"))
      }
    }, 10)
  }),
  strayRejection: async () => {
    void Promise.reject(new Error("nobody caught this"))
    return new Promise(() => undefined)
  },
  strayException: async () => {
    setTimeout(() => { throw new Error("nobody caught that") }, 1)
    return new Promise(() => undefined)
  },
  announceBackgroundWork: async (request) => {
    process.send?.("PROCESS CONTINUES")
    const timer = setInterval(() => {
      if (fs.existsSync(request.formParams.file ?? "")) {
        clearInterval(timer)
        process.send?.("PROCESS FINISHED")
      }
    }, 10)
    return answered("working on")
  },
}

/** Holds the keys that the form parameter `keys` names; resolves with those that others hold. */
async function hold(request: Hub.ActionRequest): Promise<string[]> {
  const leases = Hub.coordinationOf(request)?.leases("people", { lingerMs: 400 })
  return await leases?.hold((request.formParams.keys ?? "").split(" ")) ?? []
}

function limit(request: Hub.ActionRequest): Hub.SharedLimit {
  const coordination = Hub.coordinationOf(request)
  if (coordination === undefined) {
    throw new Error("The request came without coordination.")
  }
  return coordination.limit("account", {
    callsPerWindow: 100, windowMs: 1000, slackMs: 0, callsAtOnce: 1, aloneFrom: 1000, lingerMs: 400,
  })
}

function answered(message: string | undefined): Hub.ActionResponse {
  return new Hub.ActionResponse({ success: true, message })
}

/** Does in its process whatever its form parameter `behaviour` says; touches the file that `begun` names first. */
class ProbeAction extends Hub.Action {
  name = "probe"
  label = "Probe"
  description = "Behaves and misbehaves on demand"
  supportedActionTypes = [Hub.ActionType.Query]
  params = []

  override async execute(request: Hub.ActionRequest): Promise<Hub.ActionResponse> {
    if (request.formParams.begun !== undefined) {
      fs.writeFileSync(request.formParams.begun, "")
    }
    return await behaviours[request.formParams.behaviour ?? "answer"](request) as Hub.ActionResponse
  }
}

Hub.addAction(new ProbeAction())
