import { expect } from "chai"

import { hubConfiguration, publishConfiguration } from "../../src/config"
import { SettingsError } from "../../src/hub/settings"

const SECRET = "s".repeat(32)

const COMPLETE = {
  ACTION_HUB_BASE_URL: "https://hub.example.com", ACTION_HUB_LABEL: "Hub", ACTION_HUB_SECRET: SECRET,
}

describe("The configuration", () => {
  it("is read from three variables, with defaults for the rest", () => {
    const configuration = hubConfiguration(COMPLETE, false)
    expect(configuration.mode).to.equal("configured")
    expect(configuration.hub).to.deep.equal({ baseUrl: "https://hub.example.com", label: "Hub", secret: SECRET })
    expect(configuration.server).to.deep.equal({
      port: 8080, trustProxy: false, socketTimeoutMs: 0, keepAliveIntervalMs: 30_000, bodyLimitMb: 250,
      bodiesLimitMb: 500, shutdownDelayMs: 0, shutdownGraceMs: 20_000,
    })
    expect(configuration.isForkingEnabled).to.equal(true)
  })

  for (const [given, expected] of Object.entries({
    "https://hub.example.com/": "https://hub.example.com",
    "https://hub.example.com/looker//": "https://hub.example.com/looker",
    " http://localhost:8080 ": "http://localhost:8080",
  })) {
    it(`takes the base URL ${given} as ${expected}`, () => {
      expect(hubConfiguration({ ...COMPLETE, ACTION_HUB_BASE_URL: given }, false).hub.baseUrl).to.equal(expected)
    })
  }

  it("names everything that is wrong in one message", () => {
    const { message } = refusalOf({ PORT: "p", ACTION_HUB_LABEL: "Hub", CIPHER_MASTER: "c" })
    expect(message).to.include("ACTION_HUB_BASE_URL is not set").and.include("ACTION_HUB_SECRET is not set")
      .and.include("PORT is \"p\"").and.include("CIPHER_MASTER").and.not.include("ACTION_HUB_LABEL")
  })

  it("is published for the modules that read the environment themselves", () => {
    const environment: NodeJS.ProcessEnv = { ...COMPLETE, ACTION_HUB_ENABLE_FORKING: "no" }
    environment.ACTION_HUB_BASE_URL += "/"
    publishConfiguration(hubConfiguration(environment, false), environment)
    expect(environment).to.deep.equal({ ...COMPLETE, ACTION_HUB_ENABLE_FORKING: "false" })
  })
})

describe("Development mode", () => {
  it("stands in for a missing configuration on a terminal, for this machine only", () => {
    const first = hubConfiguration({ PORT: "9000" }, true)
    expect(first.mode).to.equal("development")
    expect(first.hub.baseUrl).to.equal("http://localhost:9000")
    expect(first.server).to.include({ port: 9000, host: "127.0.0.1" })
    expect(first.hub.secret).to.match(/^[0-9a-f]{64}$/)
    expect(hubConfiguration({}, true).hub.secret).to.not.equal(first.hub.secret)
  })

  it("lets actions reach stand-ins on this machine, unless the environment says otherwise", () => {
    const environment: NodeJS.ProcessEnv = {}
    publishConfiguration(hubConfiguration(environment, true), environment)
    expect(environment.MARKETO_ALLOWED_HOSTS).to.equal("localhost,127.0.0.1,[::1]")
    const listed: NodeJS.ProcessEnv = { MARKETO_ALLOWED_HOSTS: "proxy.example.com" }
    publishConfiguration(hubConfiguration(listed, true), listed)
    expect(listed.MARKETO_ALLOWED_HOSTS).to.equal("proxy.example.com")
  })

  it("is there without a terminal when it is asked for", () => {
    expect(hubConfiguration({ ACTION_HUB_DEVELOPMENT: "true" }, false).mode).to.equal("development")
  })

  for (const [when, environment, isTerminal] of [
    ["without a terminal", {}, false],
    ["in production", { NODE_ENV: "production" }, true],
    ["when it is switched off", { ACTION_HUB_DEVELOPMENT: "false" }, true],
    ["when a part of the configuration is there", { ACTION_HUB_LABEL: "Hub" }, true],
    ["when a part is there, though asked for", { ACTION_HUB_SECRET: "s", ACTION_HUB_DEVELOPMENT: "true" }, false],
  ] as const) {
    it(`is not entered ${when}`, () => {
      expect(refusalOf(environment, isTerminal).message).to.include("ACTION_HUB_BASE_URL is not set")
    })
  }

  it("is refused in production even when it is asked for", () => {
    expect(refusalOf({ NODE_ENV: "production", ACTION_HUB_DEVELOPMENT: "true" }).problems[0])
      .to.match(/^ACTION_HUB_DEVELOPMENT is on, but NODE_ENV is production/)
  })

  it("still refuses what is malformed", () => {
    expect(refusalOf({ PORT: "p" }, true).problems).to.have.length(1)
  })
})

function refusalOf(environment: NodeJS.ProcessEnv, isTerminal = false): SettingsError {
  try {
    hubConfiguration(environment, isTerminal)
  } catch (refusal) {
    expect(refusal).to.be.instanceOf(SettingsError)
    return refusal as SettingsError
  }
  throw new Error("The configuration was accepted.")
}
