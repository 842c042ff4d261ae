import { expect } from "chai"
import * as fc from "fast-check"

import { ACTION_VARIABLES } from "../../src/actions/setting_checks"
import { HUB_VARIABLES } from "../../src/hub/known_variables"
import { unknownVariableProblems } from "../../src/settings/unknown_variables"

const KNOWN = [...HUB_VARIABLES, ...ACTION_VARIABLES]

function problemsOf(environment: NodeJS.ProcessEnv): string[] {
  return unknownVariableProblems(environment, ACTION_VARIABLES)
}

describe("Names of variables", () => {
  it("are accepted as they are documented, also with _FILE", () => {
    for (const name of KNOWN) {
      expect(problemsOf({ [name]: "x", [`${name}_FILE`]: "x" }), name).to.deep.equal([])
    }
  })

  for (const [misspelt, meant] of [
    ["ACTION_HUB_SECERT", "ACTION_HUB_SECRET"], ["ACTION_HUB_BASEURL", "ACTION_HUB_BASE_URL"],
    ["ACTION_HUB_URL",
      "ACTION_HUB_ALERT_URL or ACTION_HUB_BASE_URL or ACTION_HUB_REDIS_URL"], ["ACTION_HUB_PORT", "PORT"],
    ["ACTION_HUB_WHITELIST", "ACTION_WHITELIST"], ["ACTION_HUB_REDIS_URI", "ACTION_HUB_REDIS_URL"],
    ["MARKETO_ALOWED_HOSTS", "MARKETO_ALLOWED_HOSTS"], ["MARKETO_CLIENT_KEY", "MARKETO_CLIENT_ID"],
    ["ACTION_HUB_STATE_DIR", "ACTION_HUB_STATE_DIRECTORY"], ["ACTION_HUB_SECERT_FILE", "ACTION_HUB_SECRET_FILE"],
    ["ACTION_HUB_EXECUTE_TIMEOUT", "ACTION_HUB_EXECUTE_TIMEOUT_SECONDS"],
  ]) {
    it(`are refused when misspelt: ${misspelt} is taken for ${meant}`, () => {
      expect(problemsOf({ [misspelt]: "8080" }))
        .to.deep.equal([`${misspelt} is not a setting of this hub: did you mean ${meant}?`])
    })
  }

  it("are refused also when they are like none, with what to do for an action's own", () => {
    const [problem] = problemsOf({ MARKETO_XYZZY: "x" })
    expect(problem).to.match(/^MARKETO_XYZZY is not a setting of this hub: unset it \(if an action of yours reads it/)
  })

  it("are guessed for a character that is missing, added, or another one", () => {
    const known = fc.constantFrom(...KNOWN.filter((name) => /^(ACTION_HUB|MARKETO)_/.test(name)))
    fc.assert(fc.property(known, fc.nat(), fc.constantFrom("missing", "added", "other"), (name, at, kind) => {
      const beginning = /^(ACTION_HUB|MARKETO)_/.exec(name)?.[0].length ?? 0
      const position = beginning + at % (name.length - beginning)
      const misspelt = name.slice(0, position) + (kind === "missing" ? "" : "Q") +
        name.slice(kind === "added" ? position : position + 1)
      return KNOWN.includes(misspelt) || problemsOf({ [misspelt]: "x" })[0].endsWith("?")
    }))
  })

  it("of other programs are none of the hub's business, nor are blank ones", () => {
    expect(problemsOf({ PATH: "/", MY_ACTION_HUB_X: "x", ACTION_HUBX: "x", ACTION_HUB_NONE: " " })).to.deep.equal([])
  })

  it("that Kubernetes makes of services named after the hub are let pass", () => {
    expect(problemsOf({
      ACTION_HUB_SERVICE_HOST: "10.0.0.1", ACTION_HUB_SERVICE_PORT: "80", ACTION_HUB_SERVICE_PORT_HTTP: "80",
      ACTION_HUB_PORT: "tcp://10.0.0.1:80", ACTION_HUB_PORT_80_TCP: "tcp://10.0.0.1:80",
      ACTION_HUB_PORT_80_TCP_PROTO: "tcp", ACTION_HUB_PORT_80_TCP_PORT: "80", ACTION_HUB_PORT_80_TCP_ADDR: "10.0.0.1",
      ACTION_HUB_REDIS_SERVICE_HOST: "10.0.0.2", ACTION_HUB_REDIS_PORT: "tcp://10.0.0.2:6379",
      MARKETO_SANDBOX_PORT_9180_TCP: "tcp://10.0.0.3:9180",
    })).to.deep.equal([])
  })
})
