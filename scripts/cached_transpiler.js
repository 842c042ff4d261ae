"use strict"

const crypto = require("crypto")
const fs = require("fs")
const path = require("path")
const ts = require("typescript")

const project = path.resolve(__dirname, "..")

/**
 * A transpiler for ts-node, which finds it in tsconfig.json: compiles each file with TypeScript's `transpileModule`, as
 * ts-node would by itself, and keeps the result in the folder `cache`. A process of TypeScript then starts in a second
 * instead of four, and the tests start dozens.
 *
 * The folder holds one result for a source file. It counts for exactly that text, compiler and options; another takes
 * its place. See https://typestrong.org/ts-node/docs/transpilers for the form.
 */
exports.create = function create({ service, cache = path.join(project, ".cache", "transpiled") }) {
  const compilerOptions = service.config.options
  const circumstances = `${ts.version}\n${JSON.stringify(compilerOptions)}\n`

  return {
    transpile(source, { fileName }) {
      const key = crypto.createHash("sha256").update(circumstances).update(source).digest("hex")
      const file = path.join(cache, `${path.relative(project, fileName).replace(/[\\/:]/g, "+")}.json`)
      const kept = read(file)
      if (kept?.key === key) {
        return kept
      }
      const { outputText, sourceMapText, diagnostics } =
        ts.transpileModule(source, { fileName, compilerOptions, reportDiagnostics: true })
      if (diagnostics.length === 0) {
        write(file, { key, outputText, sourceMapText })
      }
      return { outputText, sourceMapText, diagnostics }
    },
  }
}

/** undefined if there is no result, or none that is whole. */
function read(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"))
  } catch {
    return undefined
  }
}

/** Other processes may read and write the same file at this moment: each finds a whole one. */
function write(file, result) {
  const partial = `${file}.${process.pid}`
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(partial, JSON.stringify(result))
    fs.renameSync(partial, file)
  } catch {
    // A folder that takes no files costs time, and nothing else.
  }
}
