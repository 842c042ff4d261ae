import * as fs from "fs"
import * as path from "path"

export const ROOT = path.join(__dirname, "..", "..")

/** The files by which a hub is put to work, from the project's folder. */
export const RECIPES: readonly string[] = [
  "Dockerfile", "compose.yaml",
  ...["kubernetes", "cloud-run", "systemd", "nginx", "caddy"].flatMap((folder) =>
    fs.readdirSync(path.join(ROOT, "deploy", folder)).map((name) => path.join("deploy", folder, name))),
]

/** Reads a file of the project as text. */
export function read(file: string): string {
  return fs.readFileSync(path.join(ROOT, file), "utf8")
}

/** The default of a variable, or the whole of a setting, in seconds, as docs/configuration.md has it. */
export function documentedDefault(variable: string): number {
  const [, value] = new RegExp(`^\\| \`${variable}\` \\| (\\d+) \\|`, "m").exec(read("docs/configuration.md")) ?? []
  if (value === undefined) {
    throw new Error(`docs/configuration.md gives no number as the default of ${variable}.`)
  }
  return Number(value)
}

/** Everything that stands behind the key, at any depth of the document. */
export function valuesOf(document: unknown, key: string): unknown[] {
  if (typeof document !== "object" || document === null) {
    return []
  }
  return Object.entries(document as Record<string, unknown>).flatMap(([name, value]) =>
    name === key ? [value, ...valuesOf(value, key)] : valuesOf(value, key))
}
