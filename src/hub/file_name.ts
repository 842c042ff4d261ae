// The package is one function and has no default export.
// eslint-disable-next-line @typescript-eslint/no-require-imports
import sanitizeFilename = require("sanitize-filename")
import { formatToFileExtension } from "./utils"

/** The facts from which a result's file name is made. */
export interface FileNameSource {
  title?: string | null
  /** The attachment's extension, without the dot. */
  fileExtension?: string
  hasAttachment: boolean
  format?: string
}

/**
 * Returns a name that every file system accepts: the plan's title, or `looker_file_<epoch ms>`, with the extension of
 * the attachment or else of the format. The title is not used if there is neither attachment nor format.
 */
export function suggestFileName(source: FileNameSource): string {
  const unnamed = `looker_file_${Date.now()}`
  const extension = extensionOf(source)
  if (!source.hasAttachment && !extension) {
    return sanitizeFilename(unnamed)
  }
  const name = source.title ? source.title : unnamed
  return sanitizeFilename(extension ? `${name}.${extension}` : name)
}

function extensionOf(source: FileNameSource): string | undefined {
  if (source.fileExtension) {
    return source.fileExtension
  }
  return source.format ? formatToFileExtension(source.format) : undefined
}

/**
 * Returns the name that a user entered, with `extension` at its end and `_` for whitespace. Returns undefined if the
 * name ends in another extension, since it cannot be completed then.
 */
export function completeFileName(entered: string, extension: string): string | undefined {
  const name = entered.trim().replace(/\s/g, "_")
  if (name.endsWith(`.${extension}`)) {
    return name
  }
  return name.includes(".") ? undefined : `${name}.${extension}`
}
