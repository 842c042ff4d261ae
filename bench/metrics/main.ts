import { MeasuredRun, measuredRun } from "./measured_run"

async function main(isQuick: boolean) {
  const [rows, rounds] = isQuick ? [10_000, 1] : [100_000, 5]
  console.log("| metrics | rows | s | execute process, CPU s | hub, CPU s | readings | bytes of one |")
  console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
  const runs: { [kind in "off" | "on"]: MeasuredRun[] } = { off: [], on: [] }
  for (let round = 0; round < rounds; round++) {
    // By turns, so that whatever else the machine does meets both.
    for (const kind of ["off", "on"] as const) {
      runs[kind].push(await measuredRun(rows, kind === "on"))
    }
  }
  for (const kind of ["off", "on"] as const) {
    const of = (figure: (run: MeasuredRun) => number) => median(runs[kind].map(figure))
    console.log(`| ${kind} | ${rows} | ${of((run) => run.seconds).toFixed(1)} | ` +
      `${of((run) => run.executeCpuSeconds).toFixed(2)} | ${of((run) => run.hubCpuSeconds).toFixed(2)} | ` +
      `${kind === "on" ? of((run) => run.readings) : 0} | ` +
      `${kind === "on" ? Math.round(of((run) => run.bytesRead / Math.max(1, run.readings))) : 0} |`)
  }
  for (const [name, figure] of [
    ["execute process", (run: MeasuredRun) => run.executeCpuSeconds], ["hub", (run: MeasuredRun) => run.hubCpuSeconds],
  ] as const) {
    console.log(`${name}: ${(median(runs.on.map(figure)) / median(runs.off.map(figure))).toFixed(2)} times as much`)
  }
}

function median(values: number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)]
}

main(process.argv.includes("--quick")).catch((failure: unknown) => {
  console.error(failure)
  process.exitCode = 1
})
