"use strict"

const { parseArgs } = require("util")
require("./gone_reader")

/**
 * Reads a script's command line, which may always hold `--help`: that prints `help` and ends the process with 0.
 * A wrong argument ends it with 2 and a sentence that names it, before anything has been started.
 *
 * `options` are those of Node's parseArgs; `check` may throw an Error whose message is for a person.
 */
module.exports = function readArguments({ help, options = {}, allowPositionals = false, check = () => undefined }) {
  try {
    const { values, positionals } = parseArgs({
      options: { ...options, help: { type: "boolean" } }, allowPositionals,
    })
    if (values.help === true) {
      process.stdout.write(help)
      process.exit(0)
    }
    check(values, positionals)
    return { values, positionals }
  } catch (failure) {
    process.stderr.write(`${failure.message}\n\n${help}`)
    process.exit(2)
  }
}
