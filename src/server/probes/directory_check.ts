import { randomUUID } from "crypto"
import * as fs from "fs"
import * as path from "path"

import type { Check } from "./check"

/** Returns a check that a directory can be written to, and has room for so many bytes. `setting` names it. */
export function directoryCheck(name: string, setting: string, directory: string, bytes: number): Check {
  return {
    name,
    problem: async () => {
      try {
        await tryToWrite(directory, bytes)
        return undefined
      } catch (failure) {
        return problemWith(setting, failure as NodeJS.ErrnoException)
      }
    },
  }
}

function problemWith(setting: string, { code }: NodeJS.ErrnoException): string {
  if (code === "ENOSPC" || code === "EDQUOT") {
    return `The directory of ${setting} is full (${code}).`
  }
  return `The directory of ${setting} cannot be written to (${code ?? "unknown error"}).`
}

/** Writes a file that has lost its name before it has any content, so that nothing stays if the hub is killed. */
async function tryToWrite(directory: string, bytes: number): Promise<void> {
  const file = path.join(directory, `action-hub-probe-${randomUUID()}`)
  const handle = await fs.promises.open(file, "wx", 0o600)
  try {
    await fs.promises.unlink(file)
    await handle.writeFile(Buffer.alloc(bytes))
  } finally {
    await handle.close()
  }
}
