import * as fs from "fs"
import * as path from "path"

const MIME_TYPES: { [extension: string]: string | undefined } = {
  ".gif": "image/gif",
  ".ico": "image/x-icon",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".webp": "image/webp",
}

/** Icons by path, null for missing ones. They are cached, since they do not change while the hub runs. */
const dataUris = new Map<string, string | null>()

/**
 * Returns an icon as a data URI, or null if there is no such file. A relative name such as `marketo/marketo.svg` is
 * looked up in `src/actions`.
 */
export function readIcon(iconName: string): string | null {
  const iconPath = path.resolve(__dirname, "..", "actions", iconName)
  const known = dataUris.get(iconPath)
  const dataUri = known === undefined ? readDataUri(iconPath) : known
  dataUris.set(iconPath, dataUri)
  return dataUri
}

function readDataUri(iconPath: string): string | null {
  if (!fs.statSync(iconPath, { throwIfNoEntry: false })?.isFile()) {
    return null
  }
  const mimeType = MIME_TYPES[path.extname(iconPath).toLowerCase()] ?? "application/octet-stream"
  return `data:${mimeType};base64,${fs.readFileSync(iconPath).toString("base64")}`
}
