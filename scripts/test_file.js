"use strict"

const { spawnSync } = require("child_process")
const fs = require("fs")
const path = require("path")
const readArguments = require("./arguments")

const HELP = `Runs some test files instead of all of them.

  npm run test:file -- FILE ...     the files, once
  npm run test:watch -- FILE ...    the same, again whenever a source or a test changes
  npm run test:watch                all test files, again at every change

  --grep TEXT   only the tests whose title has the text
  --watch       what test:watch adds
  --help        this text
`

const project = path.resolve(__dirname, "..")

const { values, positionals } = readArguments({
  help: HELP,
  options: { grep: { type: "string" }, watch: { type: "boolean", default: false } },
  allowPositionals: true,
  check: ({ watch }, files) => {
    if (files.length === 0 && !watch) {
      throw new Error("Name at least one test file.")
    }
    const missing = files.find((file) => !fs.existsSync(path.resolve(file)))
    if (missing !== undefined) {
      throw new Error(`There is no file ${missing}.`)
    }
  },
})

// Mocha adds the files of its configuration to those of its command line, so the configuration is handed over in parts.
const configuration = require("../.mocharc.js")
const isChoice = positionals.length > 0
const files = isChoice ? positionals.map((file) => path.resolve(file)) : configuration.spec
const { status } = spawnSync(process.execPath, [
  require.resolve("mocha/bin/mocha.js"), "--no-config",
  ...configuration.require.flatMap((name) => ["--require", name]),
  "--timeout", String(configuration.timeout),
  ...(isChoice ? [] : ["--parallel", "--jobs", String(configuration.jobs)]),
  ...(values.grep === undefined ? [] : ["--grep", values.grep]),
  ...(values.watch ? ["--watch", "--watch-files", "src,test,sandbox,bin"] : []),
  ...files,
], { stdio: "inherit", cwd: project })
process.exitCode = status ?? 1
