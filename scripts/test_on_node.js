"use strict"

const { spawnSync } = require("child_process")
const fs = require("fs")
const os = require("os")
const path = require("path")
const readArguments = require("./arguments")

const HELP = `Runs the tests of the hub itself on another version of Node, which the registry has as the package
"node". Those of the Marketo action and of the tools around it are left out: they ask less of Node.

  npm run test:node               on the version in .nvmrc, the image's
  npm run test:node -- VERSION    on another one, such as 22

A version that cannot be had is no failure: a line says so.

  --help   this text
`

const project = path.resolve(__dirname, "..")

/** Folders of test/ whose tests depend on what Node gives them. */
const ROOMS = ["alerts", "coordination", "crypto", "deploy", "hub", "runs", "server", "xpc"]

function main() {
  const usual = fs.readFileSync(path.join(project, ".nvmrc"), "utf8").trim()
  const { positionals: [version = usual] } = readArguments({
    help: HELP,
    allowPositionals: true,
    check: (_values, positionals) => {
      if (positionals.length > 1 || positionals.some((text) => !/^\d+(\.\d+){0,2}$/.test(text))) {
        throw new Error(`"${positionals.join(" ")}" is not a version of Node, such as 22 or 24.4.`)
      }
    },
  })
  const place = fs.mkdtempSync(path.join(os.tmpdir(), "node-"))
  try {
    const folder = installedNode(version, place)
    if (folder === undefined) {
      console.log(`Left out: the tests on Node ${version}, which the registry does not give here.`)
    } else {
      runTests(folder)
    }
  } finally {
    fs.rmSync(place, { recursive: true })
  }
}

/** The folder with the program, or undefined if it cannot be installed, or not started. */
function installedNode(version, place) {
  spawnSync("npm", ["install", "--prefix", place, "--no-audit", "--no-fund", `node@${version}`], { stdio: "ignore" })
  const folder = path.join(place, "node_modules", "node", "bin")
  const { status, stdout } = spawnSync(path.join(folder, "node"), ["--version"], { encoding: "utf8" })
  if (status !== 0) {
    return undefined
  }
  console.log(`On Node ${stdout.trim()}:`)
  return folder
}

function runTests(folder) {
  const { require: required, spec, jobs, retries, timeout } = require("../.mocharc.js")
  const files = spec.filter((file) => ROOMS.includes(file.split(path.sep)[1]))
  const { status } = spawnSync(path.join(folder, "node"), [
    require.resolve("mocha/bin/mocha.js"), "--no-config", ...required.flatMap((name) => ["--require", name]),
    "--reporter", "dot", "--timeout", String(timeout), "--retries", String(retries),
    "--parallel", "--jobs", String(jobs), ...files,
  ], {
    // Tests that start "node" or "npm" get this version, too.
    stdio: "inherit", cwd: project, env: { ...process.env, PATH: `${folder}${path.delimiter}${process.env.PATH}` },
  })
  process.exitCode = status ?? 1
}

main()
