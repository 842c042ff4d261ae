import * as fs from "node:fs"
import * as path from "node:path"

import type { ExecutionSettings } from "./execution_settings"
import { HUB_ONLY } from "./environment_file"

/** How an execute process is started: options that go to the worker library as they are. */
export interface ProcessStart {
  filename: string
  execArgv: string[]
  env: Record<string, string>
}

/** The program of an execute process, beside this module: JavaScript in lib/, TypeScript in src/. */
export const EXECUTE_PROCESS = path.join(__dirname, `execute_process${path.extname(__filename)}`)

/**
 * Flags of V8 that keep a run's memory flat at little cost: rows die young, most of them in a young generation of a few
 * megabytes; and what outlives it is collected when the old generation has doubled, rather than later.
 * `--optimize-for-size` takes 18 MB less, but 1.7 times the processor time. A run of 200,000 rows peaks at 126 MB, and
 * without flags at 187 MB. See bench/flags.
 */
export const MEMORY_FLAGS = ["--max-semi-space-size=4", "--heap-growing-percent=100"]

/**
 * Says how to start a process that runs `program`, an absolute path of a module whose default export performs tasks.
 * Independent of the working directory and of how this process was started. A program in TypeScript gets ts-node
 * without type checks; compiled JavaScript gets nothing.
 */
export function processStart(program: string, settings: ExecutionSettings): ProcessStart {
  const isTypeScript = path.extname(program) === ".ts"
  const env = environment(settings)
  const execArgv = [...MEMORY_FLAGS]
  if (settings.memoryMb !== undefined) {
    execArgv.push(`--max-old-space-size=${settings.memoryMb}`)
  }
  if (isTypeScript) {
    execArgv.push("-r", require.resolve("ts-node/register/transpile-only"))
    // ts-node looks for the compiler's options from the working directory on, which may be anywhere
    env.TS_NODE_PROJECT ??= nearest("tsconfig.json", path.dirname(program))
  }
  return { filename: loaderOf(program), execArgv, env }
}

function environment(settings: ExecutionSettings): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !HUB_ONLY.includes(name)) {
      env[name] = value
    }
  }
  // actions divide what a vendor allows them by this number, so it must be told even when it is the default
  env.ACTION_HUB_EXECUTE_PROCESS_COUNT = String(settings.processCount)
  return env
}

/**
 * The worker library loads programs as ES modules, which ts-node's hook does not see. So it is given a module that
 * requires the program instead: one way for both languages. It also tells why a program can't be loaded, which the
 * library would keep to itself.
 */
function loaderOf(program: string): string {
  const source = `import { createRequire } from "node:module"
    const program = ${JSON.stringify(program)}
    let perform
    try {
      perform = createRequire(program)(program).default
    } catch (error) {
      const isMissing = error.code === "MODULE_NOT_FOUND"
      const reason = isMissing ? error.message.split("\\n")[0] : error.stack
      console.error("The execute process could not be loaded. " + reason)
      process.exit(1)
    }
    export default perform`
  return `data:text/javascript,${encodeURIComponent(source)}`
}

function nearest(fileName: string, folder: string): string {
  const candidate = path.join(folder, fileName)
  const parent = path.dirname(folder)
  return fs.existsSync(candidate) || parent === folder ? candidate : nearest(fileName, parent)
}
