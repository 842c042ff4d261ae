"use strict"

const { spawn } = require("child_process")
const path = require("path")
const readArguments = require("./arguments")

const HELP = `Does all that a change must pass: builds, checks types, lints, runs every test.

  npm test

The build comes first, since tests may use lib/. Then come the tests, and then the checks of types and style. What fails
is named in the last line, and each step can be run alone: npm run build, typecheck, lint, test:mocha.

  --help   this text
`

readArguments({ help: HELP })

const project = path.resolve(__dirname, "..")

main().catch((failure) => {
  console.error(failure)
  process.exitCode = 1
})

async function main() {
  const steps = [await run("build", "inherit")]
  if (steps[0].isPassed) {
    // Not at the same time: some tests are about time, and need a processor that is there.
    const tests = await run("test:mocha", "inherit")
    const checks = await runChecks()
    checks.forEach(({ output }) => process.stdout.write(output))
    steps.push(...checks, tests)
  }
  const failed = steps.filter(({ isPassed }) => !isPassed).map(({ name }) => name)
  const times = steps.map(({ name, seconds }) => `${name} ${seconds} s`).join(", ")
  process.stdout.write(`\n${times}. ${failed.length === 0 ? "All passed." : `Failed: ${failed.join(", ")}.`}\n`)
  process.exitCode = failed.length === 0 ? 0 : 1
}

async function runChecks() {
  return [await run("typecheck", "pipe"), await run("lint", "pipe")]
}

/** Runs one of package.json's scripts to its end; `output` is what it has said if its `stdio` is "pipe". */
async function run(name, stdio) {
  const startedAt = Date.now()
  const child = spawn("npm", ["run", "--silent", name], { cwd: project, stdio: ["ignore", stdio, stdio] })
  const pieces = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (piece) => pieces.push(piece))
  }
  const isPassed = await new Promise((resolve, reject) => {
    child.once("error", reject)
    child.once("close", (code) => resolve(code === 0))
  })
  return { name, isPassed, seconds: Math.round((Date.now() - startedAt) / 1000), output: pieces.join("") }
}
