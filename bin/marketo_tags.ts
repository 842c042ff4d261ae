import * as winston from "winston"
import { loadEnvironmentFile } from "../src/xpc/environment_file"
import { runTagProgram } from "./tags/tag_program"

loadEnvironmentFile()

// The output is for tags; what is logged of the calls goes beside it.
winston.remove(winston.transports.Console)
winston.add(winston.transports.Console, { stderrLevels: ["error", "warn", "info"] })

runTagProgram(process.argv.slice(2), process.env, {
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
}).then((exitCode) => { process.exitCode = exitCode }, (failure: unknown) => {
  console.error(failure)
  process.exitCode = 2
})
