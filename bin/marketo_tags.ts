import * as winston from "winston"
import "../scripts/gone_reader"
import { ACTION_VARIABLES } from "../src/actions/setting_checks"
import { SettingsError } from "../src/hub/settings"
import { loadEnvironment } from "../src/xpc/environment_file"
import { runTagProgram } from "./tags/tag_program"

// The output is for tags; what is logged of the calls goes beside it.
winston.remove(winston.transports.Console)
winston.add(winston.transports.Console, { stderrLevels: ["error", "warn", "info"] })

async function main(): Promise<number> {
  loadEnvironment(ACTION_VARIABLES)
  return runTagProgram(process.argv.slice(2), process.env, {
    write: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
  })
}

main().then((exitCode) => { process.exitCode = exitCode }, (failure: unknown) => {
  console.error(failure instanceof SettingsError ? failure.message : failure)
  process.exitCode = 2
})
