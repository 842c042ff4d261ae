import * as fs from "fs"
import * as path from "path"

/** A hub in development that runs on this machine, as the key generator needs to know it. */
export interface DevelopmentHub {
  url: string
  /** Good for this run of the hub. */
  secret: string
  processId: number
}

/**
 * Leaves word of a hub in development in the directory for the hub's state, for its own user alone. The file is gone
 * when the process ends by itself. Throws the operating system's error if it cannot be written.
 */
export function announceDevelopmentHub(stateDirectory: string, hub: DevelopmentHub): void {
  const file = fileIn(stateDirectory)
  const draft = `${file}.${hub.processId}`
  fs.rmSync(draft, { force: true })
  // Made anew, so nobody else can have it open; a name that others made in a shared directory is not written to.
  fs.writeFileSync(draft, JSON.stringify(hub), { mode: 0o600, flag: "wx" })
  fs.renameSync(draft, file)
  process.once("exit", () => {
    if (runningDevelopmentHub(stateDirectory)?.processId === hub.processId) {
      fs.rmSync(file, { force: true })
    }
  })
}

/**
 * Returns the hub in development that this user has started last and that still runs; undefined if there is none. A
 * file that belongs to another user, or that others may read, is not believed.
 */
export function runningDevelopmentHub(stateDirectory: string): DevelopmentHub | undefined {
  try {
    const file = fileIn(stateDirectory)
    const { mode, uid } = fs.lstatSync(file)
    const isOurs = uid === process.getuid?.() && (mode & 0o77) === 0
    const isFile = (mode & fs.constants.S_IFMT) === fs.constants.S_IFREG
    if (!isFile || process.getuid !== undefined && !isOurs) {
      return undefined
    }
    const hub = JSON.parse(fs.readFileSync(file, "utf8")) as DevelopmentHub
    process.kill(hub.processId, 0)
    return hub
  } catch {
    // No file, one that is not whole, or a process that is gone: there is no such hub.
    return undefined
  }
}

function fileIn(stateDirectory: string): string {
  return path.join(stateDirectory, `action-hub-development-${process.getuid?.() ?? "user"}.json`)
}
