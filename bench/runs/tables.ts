import { Measured } from "./measurements"

/** A table in markdown; the first column is text, the others are figures. */
export function table(heads: string[], rows: string[][]): string {
  const rule = heads.map((_head, index) => index === 0 ? "---" : "---:")
  return [heads, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")
}

/** How near the sends came to what the quota allows. */
export function quotaTable(measurements: Measured[]): string {
  const heads = ["rows", "sub-action", "speed", "rows/s", "ideal s", "sending s", "whole s", "sending, % of ideal",
    "whole, % of ideal", "most calls in 20 s", "at once"]
  return table(heads, measurements.map((measured) => [
    rowsText(measured.rowCounts), `\`${measured.subaction}\``, String(measured.speed),
    (rowsOf(measured) / measured.seconds).toFixed(0), measured.idealSeconds.toFixed(1),
    measured.sendingSeconds.toFixed(1), measured.seconds.toFixed(1),
    percent(measured.idealSeconds / measured.sendingSeconds), percent(measured.idealSeconds / measured.seconds),
    String(measured.sent.account.highestInWindow), String(measured.sent.account.highestAtOnce),
  ]))
}

/** How near sends came to what the quota allows, by hubs and their processes. */
export function placesTable(measurements: Measured[]): string {
  const heads = ["hubs x processes", "rows", "speed", "ideal s", "sending s", "sending, % of ideal",
    "most calls in 20 s", "at once", "refused", "CPU s of all processes"]
  return table(heads, measurements.map((measured) => [
    `${measured.place?.hubs ?? 1} x ${measured.place?.processes ?? 1}`,
    rowsText(measured.rowCounts), String(measured.speed), measured.idealSeconds.toFixed(1),
    measured.sendingSeconds.toFixed(1), percent(measured.idealSeconds / measured.sendingSeconds),
    String(measured.sent.account.highestInWindow), String(measured.sent.account.highestAtOnce),
    refusedText(measured.sent.account.refused),
    measured.sent.processes.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0).toFixed(1),
  ]))
}

/** How many calls the sends took. */
export function callsTable(measurements: Measured[]): string {
  const heads = ["rows", "sub-action", "fewest calls", "calls", "checks beside them", "all, above the fewest",
    "refused"]
  return table(heads, measurements.map((measured) => [
    rowsText(measured.rowCounts), `\`${measured.subaction}\``, String(measured.fewestCalls),
    String(measured.workCalls), String(measured.checks),
    percent((measured.workCalls + measured.checks) / measured.fewestCalls - 1),
    refusedText(measured.sent.account.refused),
  ]))
}

/** What the sends took of the machine. */
export function machineTable(measurements: Measured[]): string {
  const heads = ["rows", "sub-action", "speed", "hub, peak MB", "execute process, peak MB", "hub, CPU s",
    "execute process, CPU s", "CPU s per 100,000 rows"]
  return table(heads, measurements.map((measured) => {
    const [hub, ...others] = measured.sent.processes
    const peak = Math.max(...others.map(({ peakBytes }) => peakBytes))
    const cpu = others.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)
    return [
      rowsText(measured.rowCounts), `\`${measured.subaction}\``, String(measured.speed),
      megabytes(hub.peakBytes), megabytes(peak), hub.cpuSeconds.toFixed(2), cpu.toFixed(2),
      ((hub.cpuSeconds + cpu) / rowsOf(measured) * 100000).toFixed(2),
    ]
  }))
}

/** How long something took, in order of length. */
export function timesTable(times: Record<string, number[]>): string {
  return table(["ms", "times", "median", "99th percentile", "longest"], Object.entries(times).map(([name, ms]) => {
    const sorted = [...ms].sort((one, other) => one - other)
    const quantile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
    return [name, String(ms.length), ...[0.5, 0.99, 1].map((share) => quantile(share).toFixed(1))]
  }))
}

function rowsOf({ rowCounts }: Measured): number {
  return rowCounts.reduce((sum, rows) => sum + rows, 0)
}

function rowsText(rowCounts: number[]): string {
  const rows = rowCounts[0].toLocaleString("en-US")
  return rowCounts.length === 1 ? rows : `${rowCounts.length} x ${rows}`
}

function refusedText(refused: Record<string, number>): string {
  const texts = Object.entries(refused).map(([code, count]) => `${count} (${code})`)
  return texts.length === 0 ? "0" : texts.join(", ")
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}
