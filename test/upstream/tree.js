"use strict"

/** A tree that looks like upstream's to its tools: their versions installed aside, our hub underneath. */
const { spawnSync } = require("child_process")
const fs = require("fs")
const path = require("path")

const root = path.resolve(__dirname, "..", "..")
const tree = path.join(root, "node_modules", ".cache", "upstream-tree")

/** Copies what is tried into the tree, and installs upstream's tools into it unless they are there. */
exports.prepareTree = function prepareTree() {
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
  installTools()
}

/** Runs one of the tools in the tree. What it prints is shown only if it fails, since it says nothing otherwise. */
exports.runTool = function runTool(name, ...toolArguments) {
  run(process.execPath, [path.join(tree, "node_modules", ".bin", name), ...toolArguments])
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

function run(command, commandArguments) {
  const { status, stdout, stderr, error } = spawnSync(command, commandArguments, {
    cwd: tree, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1024 * 1024 * 64,
    env: { ...process.env, TS_NODE_TRANSPILE_ONLY: "true", NODE_NO_WARNINGS: "1" },
  })
  if (error !== undefined || status !== 0) {
    throw new Error(`${path.basename(commandArguments[0] ?? command)} failed:\n${error?.message ?? stdout + stderr}`)
  }
}
