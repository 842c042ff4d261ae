import { expect } from "chai"
import * as os from "os"
import { coordinationSettings } from "../../../src/hub/coordination/coordination_settings"
import { readSettings, SettingsError } from "../../../src/hub/settings"

describe("The settings of coordination", () => {
  const read = (environment: NodeJS.ProcessEnv) => readSettings(coordinationSettings, environment)

  function problemsOf(environment: NodeJS.ProcessEnv): string[] {
    try {
      read(environment)
    } catch (failure) {
      return (failure as SettingsError).problems
    }
    return []
  }

  const stateDirectory = os.tmpdir()

  it("name no Redis for a hub that is the only one", () => {
    expect(read({})).to.deep.equal({ stateDirectory })
    expect(read({ ACTION_HUB_REDIS_PREFIX: "p:", ACTION_HUB_REDIS_REQUIRED: "false" }))
      .to.deep.equal({ stateDirectory })
    expect(read({ ACTION_HUB_STATE_DIRECTORY: "/var/lib/hub" })).to.deep.equal({ stateDirectory: "/var/lib/hub" })
  })

  it("have a prefix, and require Redis, unless they say otherwise", () => {
    const url = "rediss://user:pass%25word@redis.example.com:6380/2"
    expect(read({ ACTION_HUB_REDIS_URL: url }))
      .to.deep.equal({ stateDirectory, redis: { url, prefix: "actionhub:", isRequired: true } })
    expect(read({ ACTION_HUB_REDIS_URL: url, ACTION_HUB_REDIS_PREFIX: "p:", ACTION_HUB_REDIS_REQUIRED: "no" }))
      .to.deep.equal({ stateDirectory, redis: { url, prefix: "p:", isRequired: false } })
  })

  for (const [url, problem] of [
    ["redis.example.com:6379", "is neither redis nor rediss"], ["//hush", "is not a URL"],
    ["https://hush@redis.example.com", "is neither redis nor rediss"], ["redis://", "names no host"],
    ["redis://redis/hush", "has a path that is not the number of a database"],
    ["redis://:hush%@redis", "has a user or password with a % that is not written as %25"],
  ]) {
    it(`say of ${url} that it ${problem}, without repeating it`, () => {
      const [found, ...others] = problemsOf({ ACTION_HUB_REDIS_URL: url })
      expect(found).to.equal(`ACTION_HUB_REDIS_URL ${problem}: ` +
        "set a URL such as rediss://user:password@redis.example.com:6379")
      expect(others).to.deep.equal([])
    })
  }
})
