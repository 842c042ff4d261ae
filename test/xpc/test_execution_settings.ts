import { expect } from "chai"

import { readSettings, SettingsError } from "../../src/hub/settings"
import { executionSettings } from "../../src/xpc/execution_settings"

describe("executionSettings", () => {

  it("has a default for everything", () => {
    expect(readSettings(executionSettings, {})).to.deep.equal({
      processCount: 1,
      runsPerProcess: 20,
      timeLimitMs: undefined,
      stopGraceMs: 30000,
      unresponsiveMs: 5000,
      unresponsiveLimitMs: 60000,
      startLimitMs: 120000,
      memoryMb: undefined,
    })
  })

  it("takes seconds and megabytes from the environment", () => {
    expect(readSettings(executionSettings, {
      ACTION_HUB_EXECUTE_PROCESS_COUNT: "4",
      ACTION_HUB_RUNS_PER_PROCESS: "7",
      ACTION_HUB_EXECUTE_TIMEOUT_SECONDS: "60",
      ACTION_HUB_STOP_GRACE_SECONDS: "0",
      ACTION_HUB_UNRESPONSIVE_SECONDS: "2",
      ACTION_HUB_UNRESPONSIVE_LIMIT_SECONDS: "9",
      ACTION_HUB_START_LIMIT_SECONDS: "30",
      ACTION_HUB_EXECUTE_PROCESS_MEMORY_MB: "512",
    })).to.deep.equal({
      processCount: 4,
      runsPerProcess: 7,
      timeLimitMs: 60000,
      stopGraceMs: 0,
      unresponsiveMs: 2000,
      unresponsiveLimitMs: 9000,
      startLimitMs: 30000,
      memoryMb: 512,
    })
  })

  it("refuses what is no whole number in range", () => {
    const read = () => readSettings(executionSettings, {
      ACTION_HUB_EXECUTE_PROCESS_COUNT: "x",
      ACTION_HUB_RUNS_PER_PROCESS: "0",
      ACTION_HUB_EXECUTE_PROCESS_MEMORY_MB: "1",
    })
    expect(read).to.throw(SettingsError).with.property("problems").that.has.length(3)
  })

  it("refuses a ceiling of memory that is too low for the runs", () => {
    const read = (runs: string) => readSettings(executionSettings, {
      ACTION_HUB_RUNS_PER_PROCESS: runs, ACTION_HUB_EXECUTE_PROCESS_MEMORY_MB: "96",
    })
    expect(read("20").memoryMb).to.equal(96)
    expect(() => read("50")).to.throw(SettingsError, "set it to 156 or more, or allow fewer runs")
  })

})
