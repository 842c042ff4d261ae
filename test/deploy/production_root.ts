import { ChildProcess, execFileSync, spawn, spawnSync } from "child_process"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"
import { eventually } from "../server/hub_under_test"
import { ROOT } from "./recipes"

/** The image's own user, who owns nothing else on a machine. */
const USER = 65532

const NODE = "/nodejs/bin/node"

/** The places of the image that may be written to. */
const WRITABLE = ["/var/lib/action-hub/state", "/var/lib/action-hub/spool"]

/** Whether this process may make a root file system, a user and process numbers of its own for another one. */
export const CAN_ISOLATE = process.getuid?.() === 0 &&
  spawnSync("unshare", ["--mount", "--pid", "--fork", "--mount-proc", "true"]).status === 0

/** Builds the production tree by the script that the image is built by, with the packages of this checkout. */
export function buildTree(folder: string): void {
  execFileSync(process.execPath, ["scripts/production_tree.js", folder, "--from-checkout"], {
    cwd: ROOT, stdio: "pipe",
  })
}

/**
 * A root file system like the image's: node with the libraries it needs, the production tree in /hub, two directories
 * to write to, and nothing else.
 */
export class ProductionRoot {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "production-root-"))

  /** `tree` is the production tree, which is copied. */
  constructor(tree: string) {
    // Others have to look in, too.
    fs.chmodSync(this.folder, 0o755)
    fs.cpSync(tree, path.join(this.folder, "hub"), { recursive: true })
    this.copyNode()
    for (const place of WRITABLE) {
      fs.mkdirSync(path.join(this.folder, place), { recursive: true })
      fs.chownSync(path.join(this.folder, place), USER, USER)
    }
    fs.mkdirSync(path.join(this.folder, "proc"))
  }

  /**
   * Starts a program of the tree as process 1 of its own numbers, as another user, in this root file system mounted
   * read-only, with the given variables and no others.
   */
  run(program: string, environment: Record<string, string> = {}): IsolatedProcess {
    const given = Object.keys(environment).map((name) => `${name}="$${name}"`).join(" ")
    return new IsolatedProcess(spawn("unshare", [
      "--mount", "--pid", "--fork", "sh", "-c", `set -e
        mount --bind "$0" "$0"
        mount -o remount,bind,ro "$0"
        for place in ${WRITABLE.join(" ")}; do
          mount --bind "$0$place" "$0$place"
          mount -o remount,bind,rw "$0$place"
        done
        mount -t proc proc "$0/proc"
        exec env -i ${given} unshare --root="$0" --wd=/hub --setuid=${USER} --setgid=${USER} ${NODE} "$1"`,
      this.folder, program,
    ], { env: { PATH: process.env.PATH, ...environment }, stdio: ["ignore", "pipe", "pipe"] }))
  }

  /** Everything in the root file system with its time of change, but for the places that may be written to. */
  contents(): string[] {
    return listed(this.folder, "").filter((line) => !WRITABLE.some((place) => line.startsWith(place)))
  }

  /** Removes it. */
  remove(): void {
    fs.rmSync(this.folder, { recursive: true })
  }

  private copyNode(): void {
    const libraries = execFileSync("ldd", [process.execPath], { encoding: "utf8" }).match(/\/[^\s:()]+/g) ?? []
    for (const [from, to] of [[process.execPath, NODE], ...libraries.map((library) => [library, library])]) {
      fs.mkdirSync(path.join(this.folder, path.dirname(to)), { recursive: true })
      fs.copyFileSync(from, path.join(this.folder, to))
    }
  }

}

/** A process of its own numbers; `unshare` is its parent, which ends as it does. */
export class IsolatedProcess {
  output = ""
  readonly exitCode: Promise<number | null>

  constructor(private readonly parent: ChildProcess) {
    for (const stream of [parent.stdout, parent.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => { this.output += text })
    }
    this.exitCode = new Promise((resolve) => parent.once("close", resolve))
  }

  /** Resolves when the output has the text; throws what there is if the process ends, or it takes too long. */
  async says(text: RegExp): Promise<RegExpExecArray> {
    await eventually(() => text.test(this.output) || this.parent.exitCode !== null)
    const found = text.exec(this.output)
    if (found === null) {
      throw new Error(`It ended without saying ${text}:\n${this.output}`)
    }
    return found
  }

  /** Sends a signal to the process itself, as a container engine does. Its end is that of all that it started. */
  signal(signal: NodeJS.Signals): void {
    const id = this.parent.pid
    const [child] = id === undefined ? [] : fs.readFileSync(`/proc/${id}/task/${id}/children`, "utf8").split(" ")
    if (child) {
      process.kill(Number(child), signal)
    }
  }

  /** Ends it and everything that it started, if it still runs. */
  async end(): Promise<void> {
    if (this.parent.exitCode === null) {
      this.signal("SIGKILL")
    }
    await this.exitCode
  }

}

function listed(root: string, folder: string): string[] {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`
    const { mtimeMs, ctimeMs } = fs.lstatSync(path.join(root, name))
    return [`${name} ${mtimeMs} ${ctimeMs}`, ...entry.isDirectory() ? listed(root, name) : []]
  })
}
