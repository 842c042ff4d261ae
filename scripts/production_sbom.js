"use strict"

const { spawnSync } = require("child_process")
const fs = require("fs")
const path = require("path")

/**
 * Returns a CycloneDX document (JSON) of the packages with which a hub runs, none of those for development. `folder`
 * has a package.json and its lock file; nothing has to be installed there. Throws an Error with npm's words.
 */
module.exports = function productionSbom(folder) {
  const { status, stdout, stderr } = spawnSync("npm", [
    "sbom", "--sbom-format=cyclonedx", "--sbom-type=application", "--omit=dev", "--package-lock-only",
  ], { cwd: folder, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 })
  if (status !== 0) {
    throw new Error(`npm sbom failed: ${stderr}`)
  }
  const document = JSON.parse(stdout)
  // npm takes the folder's name for the application's.
  document.metadata.component.name = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8")).name
  return `${JSON.stringify(document, undefined, 2)}\n`
}
