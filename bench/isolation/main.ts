/** Compiles the hub and the measurement, then runs it as it would run in production; prints a table. */
import { execFileSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"

const ROOT = path.join(__dirname, "../..")
// below node_modules, so that the compiled code finds the packages
const COMPILED = path.join(ROOT, "node_modules/.cache/bench-isolation")

fs.rmSync(COMPILED, { recursive: true, force: true })
fs.mkdirSync(COMPILED, { recursive: true })
const configuration = path.join(COMPILED, "tsconfig.json")
fs.writeFileSync(configuration, JSON.stringify({
  extends: path.join(ROOT, "tsconfig.json"),
  compilerOptions: { noEmit: false, noCheck: true, rootDir: ROOT, outDir: COMPILED, types: [] },
  include: [],
  files: ["measure.ts", "first_line_process.ts"].map((name) => path.join(__dirname, name)),
}))
execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", configuration], { stdio: "inherit" })
execFileSync(process.execPath, [path.join(COMPILED, "bench/isolation/measure.js")], {
  stdio: ["ignore", "inherit", "inherit"],
  env: {
    ...process.env,
    ACTION_HUB_BASE_URL: "http://localhost",
    ACTION_HUB_LABEL: "bench",
    ACTION_HUB_SECRET: "bench",
  },
})
