import * as fs from "fs"
import * as path from "path"

/** The folder that contains src/, lib/ and public/, wherever the process was started. */
export const PROJECT_FOLDER = path.resolve(__dirname, "..", "..")

/** The largest file of `public/` that is served. */
const LARGEST_FILE_BYTES = 10 * 1024 * 1024

/**
 * The served files, read once. Requests must neither wait for the disk nor fail when there are no descriptors left. A
 * changed file takes effect when the hub is restarted.
 */
export class ProjectFiles {

  /** The template of the page; undefined if there is none. */
  readonly page = readText("public", "index.html")
  /** The content that a deployment wrote to `status.json`. */
  readonly status = readJsonObject("status.json") ?? {}
  /** The version in package.json, or `unknown`. */
  readonly version = versionIn(readJsonObject("package.json"))
  /** The files of `public/` by the path in their address. */
  readonly byPath: ReadonlyMap<string, Buffer> = publicFiles(path.join(PROJECT_FOLDER, "public"))

}

function versionIn(packageFile: Record<string, unknown> | undefined): string {
  const version = packageFile?.version
  return typeof version === "string" ? version : "unknown"
}

/** Reads the files, except those whose names begin with a dot. */
function publicFiles(folder: string, address = ""): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  const entries = fs.existsSync(folder) ? fs.readdirSync(folder, { withFileTypes: true }) : []
  for (const entry of entries.filter(({ name }) => !name.startsWith("."))) {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) {
      publicFiles(file, `${address}/${entry.name}`).forEach((bytes, name) => files.set(name, bytes))
    } else if (entry.isFile() && fs.statSync(file).size <= LARGEST_FILE_BYTES) {
      files.set(`${address}/${entry.name}`, fs.readFileSync(file))
    }
  }
  return files
}

/** Returns undefined if there is no such file, or no JSON object in it. */
function readJsonObject(fileName: string): Record<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(readText(fileName) ?? "")
    return typeof content === "object" && content !== null && !Array.isArray(content)
      ? content as Record<string, unknown>
      : undefined
  } catch {
    return undefined
  }
}

/** Returns undefined if the file cannot be read. */
function readText(...pathParts: string[]): string | undefined {
  try {
    return fs.readFileSync(path.join(PROJECT_FOLDER, ...pathParts), "utf8")
  } catch {
    return undefined
  }
}
