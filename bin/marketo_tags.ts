import { loadEnvironmentFile } from "../src/server/environment_file"
import { runTagProgram } from "./tags/tag_program"

loadEnvironmentFile()

runTagProgram(process.argv.slice(2), process.env, {
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
}).then((exitCode) => { process.exitCode = exitCode }, (failure: unknown) => {
  console.error(failure)
  process.exitCode = 2
})
