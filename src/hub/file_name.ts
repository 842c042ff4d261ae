// The package is one function and has no default export.
// eslint-disable-next-line @typescript-eslint/no-require-imports
import sanitizeFilename = require("sanitize-filename")
import { formatToFileExtension } from "./utils"

/** What is known about the file that a result is to become. */
export interface FileNameSource {
  title?: string | null
  /** Of the attachment, without the dot. */
  fileExtension?: string
  hasAttachment: boolean
  format?: string
}

/**
 * A name that every file system takes: the plan's title, or `looker_file_<epoch ms>`, and the extension of the
 * attachment or else of the format. With neither attachment nor format the title does not count.
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
 * The name a user entered, with `extension` at its end and `_` for whitespace; undefined when it ends in another
 * extension, and so cannot be completed.
 */
export function completeFileName(entered: string, extension: string): string | undefined {
  const name = entered.trim().replace(/\s/g, "_")
  if (name.endsWith(`.${extension}`)) {
    return name
  }
  return name.includes(".") ? undefined : `${name}.${extension}`
}
