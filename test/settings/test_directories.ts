import { expect } from "chai"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"
import * as sinon from "sinon"

import { hubConfiguration } from "../../src/config"
import { directoryProblem } from "../../src/settings/directories"

describe("A directory of the hub", () => {
  afterEach(() => sinon.restore())

  it("is fine when the hub may write to it", () => {
    expect(directoryProblem("ACTION_HUB_STATE_DIRECTORY", os.tmpdir())).to.equal(undefined)
  })

  it("is not made, since a volume that is missing would go unnoticed", () => {
    const missing = path.join(os.tmpdir(), "settings-missing", "deep")
    expect(directoryProblem("ACTION_HUB_STATE_DIRECTORY", missing)).to.match(/does not exist: create it/)
    expect(fs.existsSync(missing)).to.equal(false)
  })

  // Whoever runs the tests may be allowed everything, so the system's answer is scripted.
  for (const code of ["EACCES", "EROFS"]) {
    it(`is refused when the hub may not write to it (${code})`, () => {
      sinon.stub(fs, "accessSync").throws(Object.assign(new Error(code), { code }))
      expect(directoryProblem("ACTION_HUB_SPOOL_DIRECTORY", os.tmpdir())).to.equal(
        `ACTION_HUB_SPOOL_DIRECTORY is "${os.tmpdir()}", which the hub may not write to (${code}): ` +
        "give its user the right to, or set another directory")
    })
  }

  it("for its state is refused also where none is set, unless Redis has the state", () => {
    sinon.stub(fs, "accessSync").throws(Object.assign(new Error("EROFS"), { code: "EROFS" }))
    const complete = {
      ACTION_HUB_BASE_URL: "https://hub.example.com", ACTION_HUB_LABEL: "Hub", ACTION_HUB_SECRET: "s".repeat(32),
    }
    expect(() => hubConfiguration(complete, false)).to.throw(/ACTION_HUB_STATE_DIRECTORY is ".*\(EROFS\)/)
    expect(() => hubConfiguration({ ...complete, ACTION_HUB_REDIS_URL: "redis://redis" }, false)).to.not.throw()
  })
})
