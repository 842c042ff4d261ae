"use strict"

const { spawnSync } = require("child_process")
const fs = require("fs")
const path = require("path")
const readArguments = require("./arguments")
const buildWhenStale = require("./build_when_stale")
const productionSbom = require("./production_sbom")

const HELP = `Puts all that a hub needs to run into a folder, and nothing else: the compiled hub, its page, its
packages, the scripts to start it and to make keys, and a list of the packages (sbom.cdx.json). The Dockerfile calls it.

  npm run production-tree -- FOLDER    FOLDER is made; if it is there, it must be empty

  --commit ID       is written to status.json, which the hub's /status shows as git_commit
  --from-checkout   copies the packages from this checkout's node_modules instead of installing them with npm ci
  --help            this text
`

const project = path.resolve(__dirname, "..")

/** Scripts of package.json that are of use where there is only the compiled hub; those that there are. */
const COMMANDS = ["start", "generate-api-key", "check"]

/** Files as they are. */
const FILES = ["package.json", "package-lock.json", "LICENSE", ".env.example"]

/** What the compiler writes for compilers and debuggers. */
const FOR_DEVELOPERS = /\.d\.ts$|\.map$|\.tsbuildinfo$|^\.built$/

function main() {
  const { values, positionals: [folder] } = readArguments({
    help: HELP,
    options: { "commit": { type: "string" }, "from-checkout": { type: "boolean", default: false } },
    allowPositionals: true,
    check: ({ commit }, positionals) => {
      if (positionals.length !== 1) {
        throw new Error("Name the folder to put the hub into.")
      }
      if (commit !== undefined && !/^[0-9a-f]{7,64}$/.test(commit)) {
        throw new Error(`"${commit}" is not the id of a commit.`)
      }
      const target = path.resolve(positionals[0])
      if (fs.existsSync(target) && fs.readdirSync(target).length > 0) {
        throw new Error(`${positionals[0]} is not empty.`)
      }
    },
  })
  const target = path.resolve(folder)
  buildWhenStale()
  fs.mkdirSync(target, { recursive: true })
  for (const file of [...FILES, ...scriptFiles()]) {
    copy(file, target)
  }
  copy("lib", target, (name, file) => !FOR_DEVELOPERS.test(name) && !isLeftOver(file))
  copy("public", target)
  addPackages(target, values["from-checkout"])
  fs.writeFileSync(path.join(target, "sbom.cdx.json"), productionSbom(target))
  if (values.commit !== undefined) {
    fs.writeFileSync(path.join(target, "status.json"), `${JSON.stringify({ git_commit: values.commit })}\n`)
  }
  // The last file of all: build_when_stale.js then takes lib/ as it is.
  fs.writeFileSync(path.join(target, "lib", ".built"), "")
}

/** The scripts behind the commands, what probes call, and whatever these require. */
function scriptFiles() {
  const { scripts } = JSON.parse(fs.readFileSync(path.join(project, "package.json"), "utf8"))
  const found = new Set(["scripts/healthcheck.js"])
  for (const command of COMMANDS.filter((name) => name in scripts)) {
    const [, script] = /^node (scripts\/\w+\.js)$/.exec(scripts[command]) ?? []
    if (script === undefined) {
      throw new Error(`npm run ${command} is "${scripts[command]}", which a hub without its sources cannot run.`)
    }
    found.add(script)
  }
  // A set also goes through what is added meanwhile.
  for (const script of found) {
    const source = fs.readFileSync(path.join(project, script), "utf8")
    for (const [, name] of source.matchAll(/require\("\.\/(\w+)"\)/g)) {
      found.add(`scripts/${name}.js`)
    }
  }
  return found
}

function addPackages(target, isFromCheckout) {
  if (isFromCheckout) {
    for (const [folder, { optional }] of productionPackages()) {
      if (fs.existsSync(path.join(project, folder))) {
        copy(folder, target, (name) => name !== "node_modules")
      } else if (!optional) {
        throw new Error(`${folder} is not installed: run npm ci first.`)
      }
    }
    return
  }
  const { status } = spawnSync("npm", ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: target, stdio: ["ignore", 2, 2],
  })
  if (status !== 0) {
    throw new Error("npm ci failed: see the messages above.")
  }
}

/** Folders of node_modules, those within packages as well, with what the lock file says of each. */
function productionPackages() {
  const { packages } = JSON.parse(fs.readFileSync(path.join(project, "package-lock.json"), "utf8"))
  return Object.entries(packages).filter(([folder, { dev }]) => folder !== "" && !dev)
}

/** Whether the file was compiled from a source that is gone: the compiler removes nothing. */
function isLeftOver(file) {
  const place = path.relative(path.join(project, "lib"), file)
  return place.endsWith(".js") && !place.startsWith(`web${path.sep}`) &&
    !fs.existsSync(path.join(project, "src", place.replace(/js$/, "ts")))
}

/** Copies a file or folder to the same place in the target; `wants` is asked about each name and path in it. */
function copy(name, target, wants = () => true) {
  const source = path.join(project, name)
  fs.cpSync(source, path.join(target, name), {
    recursive: true, filter: (from) => from === source || wants(path.basename(from), from),
  })
}

try {
  main()
} catch (failure) {
  console.error(failure.message)
  process.exitCode = 1
}
