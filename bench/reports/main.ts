import { runThatSkips } from "./skipping_run"

const BYTES_PER_MB = 1024 * 1024

async function main(isQuick: boolean) {
  console.log("| rows | report | rows skipped | lines | s | execute process, CPU s | its peak MB | hub, peak MB |")
  console.log("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
  for (const rows of isQuick ? [10_000] : [10_000, 100_000]) {
    for (const hasReports of [false, true]) {
      const run = await runThatSkips(rows, hasReports)
      console.log(`| ${rows} | ${hasReports ? "on" : "off"} | ${run.rowsSkipped} | ${run.linesInReport} | ` +
        `${run.seconds.toFixed(1)} | ${run.executeCpuSeconds.toFixed(2)} | ${megabytes(run.executePeakBytes)} | ` +
        `${megabytes(run.hubPeakBytes)} |`)
    }
  }
}

function megabytes(bytes: number): string {
  return String(Math.round(bytes / BYTES_PER_MB))
}

main(process.argv.includes("--quick")).catch((failure: unknown) => {
  console.error(failure)
  process.exitCode = 1
})
