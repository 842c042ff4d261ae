import * as fs from "fs"

/** Ticks of the kernel's processor accounting in a second: the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

export interface ProcessFigures {
  id: number
  peakBytes: number
  cpuSeconds: number
}

/** The process and all that it has started, the oldest first. Reads /proc, so Linux only. */
export function processTree(id: number): ProcessFigures[] {
  const children = fs.readdirSync(`/proc/${id}/task`).flatMap((thread) =>
    fs.readFileSync(`/proc/${id}/task/${thread}/children`, "utf8").split(" ").filter((text) => text !== ""))
  return [figuresOf(id), ...children.flatMap((child) => processTree(Number(child)))]
}

/** Highest resident memory so far, and processor time so far, user and system. */
function figuresOf(id: number): ProcessFigures {
  const status = fs.readFileSync(`/proc/${id}/status`, "utf8")
  const stat = fs.readFileSync(`/proc/${id}/stat`, "utf8")
  // The name, in parentheses, may hold spaces; user and system time are the 14th and 15th field of the line.
  const afterName = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  return {
    id,
    peakBytes: Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? NaN) * 1024,
    cpuSeconds: (Number(afterName[11]) + Number(afterName[12])) / TICKS_PER_SECOND,
  }
}
