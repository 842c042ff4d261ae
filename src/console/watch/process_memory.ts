import * as fs from "fs"

const KB_PER_MB = 1024

/** Returns the memory of a process in MB; undefined where the system does not say it, or if the process is gone. */
export async function memoryOf(processId: number): Promise<number | undefined> {
  try {
    const [, kb] = /^VmRSS:\s*(\d+) kB$/m.exec(await fs.promises.readFile(`/proc/${processId}/status`, "utf8")) ?? []
    return kb === undefined ? undefined : Math.round(Number(kb) / KB_PER_MB)
  } catch {
    return undefined
  }
}
