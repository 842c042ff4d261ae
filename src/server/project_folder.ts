import * as fs from "fs"
import * as path from "path"

/** The folder that holds src/, lib/ and public/, wherever the process was started. */
export const PROJECT_FOLDER = path.resolve(__dirname, "..", "..")

/** The version in the project's package.json, or `unknown` where there is none. */
export function projectVersion(): string {
  const { version } = readJsonObject("package.json") ?? {}
  return typeof version === "string" ? version : "unknown"
}

/** A JSON object in a file of the project folder; undefined when there is no such file, or something else in it. */
export function readJsonObject(fileName: string): Record<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(fs.readFileSync(path.join(PROJECT_FOLDER, fileName), "utf8"))
    return typeof content === "object" && content !== null && !Array.isArray(content)
      ? content as Record<string, unknown>
      : undefined
  } catch {
    return undefined
  }
}

/** The text of a file of the project folder; undefined when it cannot be read. */
export function readText(...pathParts: string[]): string | undefined {
  try {
    return fs.readFileSync(path.join(PROJECT_FOLDER, ...pathParts), "utf8")
  } catch {
    return undefined
  }
}
