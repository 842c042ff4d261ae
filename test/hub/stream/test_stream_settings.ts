import { expect } from "chai"
import { tmpdir } from "os"
import { readSettings, SettingsError } from "../../../src/hub/settings"
import { readerSettings, streamSettings } from "../../../src/hub/stream/stream_settings"

describe("streamSettings", () => {
  it("has the documented defaults", () => {
    expect(readSettings(streamSettings, {})).to.deep.equal({
      connectTimeoutMs: 30000,
      firstByteTimeoutMs: 780000,
      idleTimeoutMs: 780000,
      totalTimeoutMs: 86400000,
      allowedHosts: [],
      spool: { toDisk: true, directory: tmpdir(), memoryBytes: 4194304, maximumBytes: 1073741824 },
      spoolsLimitBytes: 4294967296,
    })
    expect(readSettings(readerSettings, {})).to.deep.equal({ waitingRowsBytes: 33554432 })
  })

  it("lets the wait for the first byte follow upstream's variable until it is set itself", () => {
    const environment: NodeJS.ProcessEnv = { ACTION_HUB_STREAM_REQUEST_TIMEOUT: "5000" }
    expect(readSettings(streamSettings, environment)).to.include({ idleTimeoutMs: 5000, firstByteTimeoutMs: 5000 })
    environment.ACTION_HUB_STREAM_FIRST_BYTE_TIMEOUT = "7000"
    expect(readSettings(streamSettings, environment)).to.include({ idleTimeoutMs: 5000, firstByteTimeoutMs: 7000 })
  })

  it("reads the spool's switch, place and sizes, and the hosts in lower case", () => {
    const { spool, allowedHosts } = readSettings(streamSettings, {
      ACTION_HUB_SPOOL: "off", ACTION_HUB_SPOOL_DIRECTORY: "/spool",
      ACTION_HUB_SPOOL_MEMORY_BYTES: "65536", ACTION_HUB_SPOOL_MAX_BYTES: "70000",
      ACTION_HUB_STREAM_ALLOWED_HOSTS: "Looker.example.com, *.looker.com:9999",
    })
    expect(spool).to.deep.equal({ toDisk: false, directory: "/spool", memoryBytes: 65536, maximumBytes: 70000 })
    expect(allowedHosts).to.deep.equal(["looker.example.com", "*.looker.com:9999"])
  })

  it("refuses waits that a timer can't keep", () => {
    expect(() => readSettings(streamSettings, { ACTION_HUB_STREAM_TOTAL_TIMEOUT: "9999999999" }))
      .to.throw(SettingsError, /ACTION_HUB_STREAM_TOTAL_TIMEOUT/)
  })
})
