"use strict"

/**
 * Tries the Marketo folder and its tests with the upstream project's compiler, linter and test tools, which are
 * installed aside so that our own packages stay current. `node test/upstream/run.js lint` only lints.
 * The hub underneath is ours: upstream's own is not in this repository.
 */
const { execFileSync } = require("child_process")
const fs = require("fs")
const path = require("path")

const root = path.resolve(__dirname, "..", "..")
const tree = path.join(root, "node_modules", ".cache", "upstream-tree")

function run(command, args) {
  execFileSync(command, args, { cwd: tree, stdio: "inherit", env: { ...process.env, TS_NODE_TRANSPILE_ONLY: "true" } })
}

function tool(name, ...args) {
  run(process.execPath, [path.join(tree, "node_modules", ".bin", name), ...args])
}

function layTree() {
  fs.mkdirSync(tree, { recursive: true })
  for (const folder of ["src", "test"]) {
    fs.rmSync(path.join(tree, folder), { recursive: true, force: true })
  }
  for (const folder of ["src", "test/actions/marketo"]) {
    fs.cpSync(path.join(root, folder), path.join(tree, folder), { recursive: true })
  }
  for (const file of ["tslint.json", "tsconfig.json"]) {
    fs.copyFileSync(path.join(__dirname, file), path.join(tree, file))
  }
}

function installTools() {
  const wanted = fs.readFileSync(path.join(__dirname, "package.json"), "utf8")
  const manifest = path.join(tree, "package.json")
  const isInstalled = fs.existsSync(path.join(tree, "node_modules", "tslint")) &&
    fs.existsSync(manifest) && fs.readFileSync(manifest, "utf8") === wanted
  if (!isInstalled) {
    fs.writeFileSync(manifest, wanted)
    run("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"])
  }
}

layTree()
installTools()
tool("tslint", "-c", "tslint.json", "-p", "tsconfig.json",
  "src/actions/marketo/**/*.ts", "test/actions/marketo/**/*.ts")
if (process.argv[2] !== "lint") {
  tool("tsc", "-p", "tsconfig.json")
  tool("mocha", "--no-config", "-r", "ts-node/register", "--reporter", "dot", "test/actions/marketo/**/test_*.ts")
}
console.log("The Marketo folder passes with upstream's tools.")
