import { expect } from "chai"
import { hubConfiguration, publishConfiguration, settingsInForce } from "../../src/config"

const SECRETS = {
  ACTION_HUB_SECRET: "s".repeat(64), CIPHER_MASTER: "c".repeat(64), ACTION_HUB_ALERT_SECRET: "alert-secret-0123456789",
  ACTION_HUB_ALERT_URL: "https://hooks.example.com/services/hidden",
  ACTION_HUB_REDIS_URL: "redis://user:hidden@redis.example.com:6379",
}
const ENVIRONMENT = {
  ...SECRETS, ACTION_HUB_BASE_URL: "https://hub.example.com", ACTION_HUB_LABEL: "Hub", PORT: "8081",
  MARKETO_DAILY_QUOTA: "20000", ACTION_WHITELIST: "marketo, debug",
}

describe("The settings that the console shows", () => {
  function shown(environment: NodeJS.ProcessEnv) {
    const configuration = hubConfiguration(environment, false)
    publishConfiguration(configuration, environment)
    return new Map(settingsInForce(configuration, environment).map((setting) => [setting.name, setting]))
  }

  it("are those in force: what the environment says, and defaults", () => {
    const settings = shown({ ...ENVIRONMENT })
    expect(settings.get("PORT")).to.include({ value: "8081", isSet: true })
    expect(settings.get("ACTION_HUB_SHUTDOWN_GRACE_SECONDS")).to.include({ value: "20", isSet: false })
    expect(settings.get("ACTION_HUB_CONSOLE")).to.include({ value: "false", isSet: false })
    expect(settings.get("MARKETO_DAILY_QUOTA")).to.include({ value: "20000", isSet: true })
    expect(settings.get("MARKETO_CALLS_PER_20_SECONDS")).to.include({ value: "50", isSet: false })
    expect(settings.get("ACTION_WHITELIST")).to.include({ value: "marketo, debug" })
    expect(settings.get("ACTION_HUB_METRICS_PORT")).to.deep.equal({
      name: "ACTION_HUB_METRICS_PORT", isSet: false, isMasked: false,
    })
    expect(settings.get("ACTION_HUB_ALERT_FORMAT")).to.include({ value: "cloudevents" })
  })

  it("never have the value of a secret, and say that there is one", () => {
    const settings = shown({ ...ENVIRONMENT })
    const text = JSON.stringify([...settings.values()])
    for (const [name, secret] of Object.entries(SECRETS)) {
      expect(settings.get(name), name).to.deep.equal({ name, isSet: true, isMasked: true })
      expect(text).not.to.contain(secret)
    }
    expect(text).not.to.contain("hidden")
  })
})
