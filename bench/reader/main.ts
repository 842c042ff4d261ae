import { execFile } from "child_process"
import * as fs from "fs"
import * as http from "http"
import { AddressInfo } from "net"
import { cpus, tmpdir } from "os"
import * as path from "path"
import { ModuleKind, ScriptTarget, transpileModule } from "typescript"
import { MEMORY_FLAGS } from "../../src/xpc/process_start"
import { writeDocument } from "./documents"
import type { Measurement } from "./measure"
import { PARSERS } from "./parsers"

const ROOT = path.join(__dirname, "..", "..")
// Below node_modules, so that the compiled code finds the packages.
const COMPILED = path.join(ROOT, "node_modules", ".cache", "bench-reader")
const TEXT_IN_MEMORY = "JSON.parse, text in memory"

const isQuick = process.argv.includes("--quick")
const ROUNDS = isQuick ? 1 : 3
const SHAPES = isQuick
  ? [{ rows: 20000, columns: 10 }, { rows: 4000, columns: 60 }]
  : [{ rows: 100000, columns: 10 }, { rows: 20000, columns: 60 }]
const SLOW_SIZES = isQuick ? [10000, 100000] : [10000, 100000, 1000000]
const SLOW_BATCH_MS = 5
/** Parsers of the last table, each with flags of its process. */
const SLOW_READERS: [string, string[]][] = [["this reader", []], ["this reader", MEMORY_FLAGS], ["oboe", []]]

/** Compares the reader with others, each measurement in a fresh process of compiled code, and prints tables. */
async function main() {
  compile()
  const directory = fs.mkdtempSync(path.join(tmpdir(), "bench-reader-"))
  try {
    console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0].model}, median of ${ROUNDS} rounds\n`)
    for (const shape of SHAPES) {
      await compareParsers(directory, shape)
    }
    await measureMemory(directory)
  } finally {
    fs.rmSync(directory, { recursive: true })
  }
}

async function compareParsers(directory: string, { rows, columns }: { rows: number, columns: number }) {
  const file = path.join(directory, `${rows}-${columns}.json`)
  await writeDocument(file, rows, columns)
  const { size } = fs.statSync(file)
  const names = [...Object.keys(PARSERS), TEXT_IN_MEMORY]
  const found = new Map<string, Measurement[]>(names.map((name) => [name, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) {
      const task = name === TEXT_IN_MEMORY ? ["json", file] : ["parse", name, file]
      const measurement = await measure(task)
      if (measurement.rows !== rows) {
        throw new Error(`${name} gave ${measurement.rows} of ${rows} rows`)
      }
      found.get(name)?.push(measurement)
    }
  }
  const cpuOf = (name: string) => median((found.get(name) ?? []).map(({ cpuMs }) => cpuMs))
  console.log(`### ${rows} rows of ${columns} columns, ${megabytes(size)} MB\n`)
  console.log("| parser | MB/s | rows/s | CPU-s per 100,000 rows | peak RSS, MB | CPU of oboe / its own |")
  console.log("| --- | ---: | ---: | ---: | ---: | ---: |")
  for (const [name, measurements] of found) {
    const wallSeconds = median(measurements.map(({ wallMs }) => wallMs)) / 1000
    const peak = median(measurements.map(({ peakBytes }) => peakBytes))
    console.log(`| ${[
      name, (size / 1e6 / wallSeconds).toFixed(1), Math.round(rows / wallSeconds),
      (cpuOf(name) / 1000 / rows * 100000).toFixed(2), megabytes(peak), (cpuOf("oboe") / cpuOf(name)).toFixed(1),
    ].join(" | ")} |`)
  }
  console.log("")
  fs.rmSync(file)
}

async function measureMemory(directory: string) {
  console.log(`### Download over HTTP, ${SLOW_BATCH_MS} ms for each 300 rows, one batch at a time\n`)
  console.log("| parser | rows | document, MB | seconds | CPU-s | peak RSS, MB |")
  console.log("| --- | ---: | ---: | ---: | ---: | ---: |")
  for (const rows of SLOW_SIZES) {
    const file = path.join(directory, `${rows}.json`)
    await writeDocument(file, rows, 10)
    const server = http.createServer((_request, response) => { fs.createReadStream(file).pipe(response) })
    await new Promise<void>((resolve) => { server.listen(0, "127.0.0.1", resolve) })
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    // A million rows take oboe minutes and a gigabyte or more.
    for (const [parser, flags] of rows > 100000 ? SLOW_READERS.slice(0, 2) : SLOW_READERS) {
      const measurement = await measure(["slow", parser, url, String(SLOW_BATCH_MS)], flags)
      if (measurement.rows !== rows) {
        throw new Error(`${parser} gave ${measurement.rows} of ${rows} rows`)
      }
      console.log(`| ${[
        flags.length > 0 ? `${parser}, as an execute process` : parser, rows, megabytes(fs.statSync(file).size),
        (measurement.wallMs / 1000).toFixed(1),
        (measurement.cpuMs / 1000).toFixed(1), megabytes(measurement.peakBytes),
      ].join(" | ")} |`)
    }
    server.close()
    fs.rmSync(file)
  }
}

async function measure(task: string[], flags: string[] = []): Promise<Measurement> {
  const script = path.join(COMPILED, "bench", "reader", "measure.js")
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...flags, script, ...task], (error: Error | null, output) => {
      if (error) {
        reject(error)
      } else {
        resolve(JSON.parse(output) as Measurement)
      }
    })
  })
}

/** The children run compiled code: with a compiler in the process, its memory would be all that one sees. */
function compile() {
  for (const folder of ["src/hub", "src/hub/stream", "bench/reader"]) {
    const target = path.join(COMPILED, folder)
    fs.mkdirSync(target, { recursive: true })
    for (const name of fs.readdirSync(path.join(ROOT, folder)).filter((entry) => entry.endsWith(".ts"))) {
      const { outputText } = transpileModule(fs.readFileSync(path.join(ROOT, folder, name), "utf8"), {
        compilerOptions: { target: ScriptTarget.ES2021, module: ModuleKind.CommonJS, useDefineForClassFields: false },
      })
      fs.writeFileSync(path.join(target, name.replace(/\.ts$/, ".js")), outputText)
    }
  }
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
