"use strict"

const { spawnSync } = require("child_process")
const path = require("path")
const readArguments = require("./arguments")

const HELP = `Builds the hub and runs every test.

  npm test

The build comes first, since tests use lib/. Types and style have commands of their own: npm run typecheck and npm run
lint. A change must pass all three: npm run test:all.

  --help   this text
`

readArguments({ help: HELP })

const project = path.resolve(__dirname, "..")

for (const script of ["build", "test:mocha"]) {
  const { status } = spawnSync("npm", ["run", "--silent", script], { cwd: project, stdio: "inherit" })
  if (status !== 0) {
    console.error(`npm run ${script} failed.`)
    process.exitCode = 1
    break
  }
}
