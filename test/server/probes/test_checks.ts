import { expect } from "chai"

import { EmbeddedHome } from "../../../src/hub/coordination/embedded_home"
import { readinessChecks } from "../../../src/server/probes/checks"
import { CoordinationWatch } from "../../../src/server/probes/coordination_watch"
import { Readiness } from "../../../src/server/probes/readiness"
import { ScriptedQueue } from "../hub_under_test"

const REDIS = "redis://hub:hush@redis.example.com"

function checks(environment: NodeJS.ProcessEnv) {
  return readinessChecks({
    coordination: new CoordinationWatch(new EmbeddedHome(), 800), executeQueue: new ScriptedQueue(),
    isReady: () => true, environment,
  })
}

describe("readinessChecks", () => {
  const names = (environment: NodeJS.ProcessEnv) => checks(environment).map(({ name }) => name)

  it("look at everything that a hub without Redis has", () => {
    expect(names({})).to.deep.equal(["running", "configuration", "executeProcess", "coordination", "spool", "state"])
  })

  it("leave out a spool that is not used, and a state that Redis keeps", () => {
    expect(names({ ACTION_HUB_SPOOL: "false" })).to.not.include("spool")
    expect(names({ ACTION_HUB_REDIS_URL: REDIS })).to.not.include("state")
    expect(names({ ACTION_HUB_REDIS_URL: REDIS, ACTION_HUB_REDIS_REQUIRED: "false" })).to.include("state")
  })

  it("name malformed settings without their values", async () => {
    const report = await new Readiness(checks({ ACTION_HUB_SPOOL_MAX_BYTES: "hush", ACTION_HUB_REDIS_URL: "hush" }))
      .report()
    expect(report.ready).to.equal(false)
    expect(report.checks).to.include({ running: true, configuration: false })
    expect(report.reasons)
      .to.deep.equal(["Settings are malformed: ACTION_HUB_SPOOL_MAX_BYTES, ACTION_HUB_REDIS_URL."])
  })
})
