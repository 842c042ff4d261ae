"use strict"

const { spawnSync } = require("child_process")
const fs = require("fs")
const os = require("os")
const path = require("path")

/**
 * Returns a CycloneDX document (JSON) of the packages with which a hub runs, none of those for development. `folder`
 * has a package.json and its lock file; nothing has to be installed there. Throws an Error with npm's words.
 *
 * npm's own `--omit=dev` leaves out what packages for development use, too: with npm 11.19, 23 of the hub's 131. So it
 * is given a project without any such packages.
 */
module.exports = function productionSbom(folder) {
  const manifest = readJson(folder, "package.json")
  delete manifest.devDependencies
  const lock = readJson(folder, "package-lock.json")
  lock.packages = Object.fromEntries(Object.entries(lock.packages).filter(([, { dev }]) => !dev))
  delete lock.packages[""].devDependencies
  const place = fs.mkdtempSync(path.join(os.tmpdir(), "sbom-"))
  try {
    // npm takes the folder's name for the application's.
    const project = path.join(place, manifest.name)
    fs.mkdirSync(project)
    fs.writeFileSync(path.join(project, "package.json"), JSON.stringify(manifest))
    fs.writeFileSync(path.join(project, "package-lock.json"), JSON.stringify(lock))
    return npmSbom(project)
  } finally {
    fs.rmSync(place, { recursive: true })
  }
}

function npmSbom(project) {
  const { status, stdout, stderr } = spawnSync(
    "npm", ["sbom", "--sbom-format=cyclonedx", "--sbom-type=application", "--package-lock-only"],
    { cwd: project, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  )
  if (status !== 0) {
    throw new Error(`npm sbom failed: ${stderr}`)
  }
  return stdout
}

function readJson(folder, name) {
  return JSON.parse(fs.readFileSync(path.join(folder, name), "utf8"))
}
