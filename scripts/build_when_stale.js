"use strict"

const { spawnSync } = require("child_process")
const fs = require("fs")
const path = require("path")

const project = path.resolve(__dirname, "..")

/** What the compiled JavaScript is made from. */
const SOURCES = [
  "src", "web", "tsconfig.json", "tsconfig.build.json", "package-lock.json", "scripts/bundle_web.js",
  "scripts/copy_assets.js",
]

/**
 * Compiles src/ to lib/ when lib/ is missing or older than what it is made from. An image that holds lib/ and no
 * compiler, as one for production does, is taken as it is. Throws an error that says what to do when there is
 * nothing to run.
 */
module.exports = function buildWhenStale() {
  if (!isStale()) {
    return
  }
  const compiler = findCompiler()
  if (compiler === undefined) {
    if (fs.existsSync(path.join(project, "lib", "boot.js"))) {
      return
    }
    throw new Error("There is no compiled hub in lib/ and no compiler to make it: run npm ci, then npm start again.")
  }
  process.stderr.write("Compiling the hub ...\n")
  run(compiler, "-p", "tsconfig.build.json")
  run(path.join("scripts", "bundle_web.js"))
  run(path.join("scripts", "copy_assets.js"))
}

function isStale() {
  const built = modifiedAt(path.join(project, "lib", ".built"))
  return built === 0 || SOURCES.some((source) => newest(path.join(project, source)) > built)
}

/** The time of the latest change, in ms since 1970; a folder's own time tells of files that are gone. */
function newest(file) {
  const own = modifiedAt(file)
  if (own === 0 || !fs.statSync(file).isDirectory()) {
    return own
  }
  return fs.readdirSync(file).reduce((latest, name) => Math.max(latest, newest(path.join(file, name))), own)
}

/** 0 when there is no such file. */
function modifiedAt(file) {
  const found = fs.statSync(file, { throwIfNoEntry: false })
  return found === undefined ? 0 : found.mtimeMs
}

function findCompiler() {
  try {
    return require.resolve("typescript/bin/tsc", { paths: [project] })
  } catch {
    return undefined
  }
}

/** Runs one of Node's programs in the project folder; what it has to say goes to stderr, away from our own output. */
function run(program, ...programArguments) {
  const { status, error } = spawnSync(process.execPath, [program, ...programArguments], {
    cwd: project,
    stdio: ["ignore", 2, 2],
  })
  if (error !== undefined || status !== 0) {
    throw new Error(`The hub could not be compiled (${path.basename(program)}): see the messages above.`)
  }
}
