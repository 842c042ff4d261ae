"use strict"

const readArguments = require("../../scripts/arguments")
const { prepareTree, runTool } = require("./tree")

const HELP = `Tries the Marketo folder and its tests with the upstream project's linter, compiler and test tools, which
are installed aside the first time. The hub underneath is ours.

  npm run test:upstream   linter, compiler, tests
  npm run lint:upstream   the linter alone

  --help   this text
`

const { positionals } = readArguments({
  help: HELP,
  allowPositionals: true,
  check: (_values, words) => {
    if (words.length > 1 || words.some((word) => word !== "lint")) {
      throw new Error(`"${words.join(" ")}" is not known here: only the word lint is.`)
    }
  },
})

const STEPS = [
  ["linter", () => {
    runTool("tslint", "-c", "tslint.json", "-p", "tsconfig.json",
      "src/actions/marketo/**/*.ts", "test/actions/marketo/**/*.ts")
  }],
  ["compiler", () => { runTool("tsc", "-p", "tsconfig.json") }],
  ["tests", () => {
    runTool("mocha", "--no-config", "-r", "ts-node/register", "--reporter", "dot", "test/actions/marketo/**/test_*.ts")
  }],
]

try {
  prepareTree()
  for (const [name, step] of positionals.length > 0 ? STEPS.slice(0, 1) : STEPS) {
    step()
    console.log(`Upstream's ${name}: passed`)
  }
} catch (failure) {
  console.error(failure.message)
  process.exitCode = 1
}
