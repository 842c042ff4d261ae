"use strict"

const { spawnSync } = require("child_process")
const fs = require("fs")
const path = require("path")
const readArguments = require("./arguments")

const HELP = `Prepares a pull request with the Marketo action in a checkout of looker-open-source/actions: makes a
branch, copies the action and its tests, deletes what they replace, names the tests in test/test.ts, runs that
project's compiler, linter and tests, and prints the text of the pull request. It commits nothing.

  npm run upstream:branch -- PATH     PATH is the checkout, clean and with its packages installed

  --branch NAME   the branch to make (default marketo-account-of-every-row)
  --help          this text
`

const project = path.resolve(__dirname, "..")
const ACTION = "src/actions/marketo"
const TESTS = "test/actions/marketo"
const INDEX = "src/actions/index.ts"

/** Files of upstream's action that ours has no use for; screenshots go unless its README shows them. */
const REPLACED = ["queue.ts", "test_marketo.ts"]

function main() {
  const { values, positionals: [checkout] } = readArguments({
    help: HELP,
    options: { branch: { type: "string", default: "marketo-account-of-every-row" } },
    allowPositionals: true,
    check: (_values, positionals) => {
      if (positionals.length !== 1) {
        throw new Error("Name the folder of the checkout.")
      }
    },
  })
  const target = path.resolve(checkout)
  checkCheckout(target)
  run(target, "git", ["switch", "--quiet", "--create", values.branch])
  replaceFolder(path.join(project, ACTION), path.join(target, ACTION))
  replaceFolder(path.join(project, TESTS), path.join(target, TESTS))
  nameTests(target)
  nameActions(target)
  // A .gitignore there refuses folders named lib.
  run(target, "git", ["add", "--force", "--all", ACTION, TESTS, "test/test.ts", INDEX])
  for (const [what, tool, toolArguments] of CHECKS) {
    run(target, process.execPath, [path.join(target, "node_modules", ".bin", tool), ...toolArguments])
    console.log(`Upstream's ${what}: passed`)
  }
  console.log(`\nThe branch ${values.branch} is ready to be committed in ${checkout}.\n\n${pullRequest()}`)
}

const CHECKS = [
  ["compiler", "tsc", ["--noEmit", "-p", "tsconfig.json"]],
  ["linter", "tslint", ["-c", "tslint.json", "-p", "tsconfig.json", `${ACTION}/**/*.ts`, `${TESTS}/**/*.ts`]],
  ["tests", "mocha", ["-r", "ts-node/register", "test/test.ts"]],
]

/** Throws an Error that says what is wrong, before anything is changed. */
function checkCheckout(target) {
  const needed = ["package.json", "test/test.ts", `${ACTION}/marketo.ts`, INDEX]
  const missing = needed.find((file) => !fs.existsSync(path.join(target, file)))
  if (missing !== undefined) {
    throw new Error(`${target} is not a checkout of looker-open-source/actions: it has no ${missing}.`)
  }
  if (!fs.existsSync(path.join(target, "node_modules", ".bin", "tslint"))) {
    throw new Error(`The packages of ${target} are not installed: run yarn there first.`)
  }
  if (run(target, "git", ["status", "--porcelain"]) !== "") {
    throw new Error(`${target} has changes that are not committed: commit or stash them first.`)
  }
}

/** Puts the folder in the other's place. Pictures that the new README shows are kept. */
function replaceFolder(source, target) {
  const readme = path.join(source, "README.md")
  const shown = fs.existsSync(readme) ? fs.readFileSync(readme, "utf8") : ""
  for (const name of fs.existsSync(target) ? fs.readdirSync(target) : []) {
    if (!name.endsWith(".png") || !shown.includes(name)) {
      fs.rmSync(path.join(target, name), { recursive: true })
    }
  }
  fs.cpSync(source, target, { recursive: true, filter: (file) => !REPLACED.includes(path.basename(file)) })
}

/** Upstream's mocha loads test/test.ts alone, so each suite needs its line there. */
function nameTests(target) {
  const file = path.join(target, "test", "test.ts")
  const others = fs.readFileSync(file, "utf8").split("\n").filter((line) => !/["'][^"']*\/marketo\/[^"']*["']/.test(line))
  const lastImport = others.reduce((last, line, index) => line.startsWith("import ") ? index : last, -1)
  const suites = testFiles(path.join(target, TESTS)).map((name) =>
    `import "./${path.relative(path.join(target, "test"), name).split(path.sep).join("/").replace(/\.ts$/, "")}"`)
  const lines = [...others.slice(0, lastImport + 1), ...suites, ...others.slice(lastImport + 1)]
  fs.writeFileSync(file, lines.join("\n"))
}

/** The folder has two actions, and upstream knows of the first. */
function nameActions(target) {
  const file = path.join(target, INDEX)
  const lines = fs.readFileSync(file, "utf8").split("\n").filter((line) => !line.includes("/marketo/marketo_person\""))
  const first = lines.findIndex((line) => line.includes("\"./marketo/marketo\""))
  const line = first < 0 ? "import \"./marketo/marketo\"" : lines[first]
  lines.splice(Math.max(0, first), first < 0 ? 0 : 1, line, line.replace("/marketo\"", "/marketo_person\""))
  fs.writeFileSync(file, lines.join("\n"))
}

function testFiles(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name)
    return entry.isDirectory() ? testFiles(file) : /^test_.*\.ts$/.test(entry.name) ? [file] : []
  }).sort()
}

/** What the command printed; throws an Error with all of it when it fails. */
function run(folder, command, commandArguments) {
  const { status, stdout, stderr, error } = spawnSync(command, commandArguments, {
    cwd: folder, encoding: "utf8", maxBuffer: 64 * 1024 * 1024,
  })
  if (error !== undefined || status !== 0) {
    throw new Error(`${[path.basename(command), ...commandArguments].join(" ")} failed in ${folder}:\n` +
      (error === undefined ? stdout + stderr : error.message))
  }
  return stdout.trim()
}

function pullRequest() {
  const guide = fs.readFileSync(path.join(project, "docs", "contributing-upstream.md"), "utf8")
  const text = /<!-- pull request -->\n([\s\S]*?)<!-- end -->/.exec(guide)
  return text === null ? "" : text[1].trim()
}

try {
  main()
} catch (failure) {
  console.error(failure.message)
  process.exitCode = 1
}
