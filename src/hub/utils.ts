/** The file extension of each format whose name is not the extension. */
const FILE_EXTENSIONS = new Map([
  ["inline_json", "json"],
  ["json_label", "json"],
  ["json_detail", "json"],
  ["json_detail_lite_stream", "json"],
  ["json_bi", "json"],
  ["wysiwyg_pdf", "pdf"],
  ["assembled_pdf", "pdf"],
  ["wysiwyg_png", "png"],
  ["csv_zip", "zip"],
])

/**
 * At most the first `limit` characters, and of those only up to and with the last `split`: whole lines, by default.
 * Without a `split` to end at, or with one only at the very start, all of them. What follows the last `split` goes
 * even when the text is shorter than the limit: end a text with `split` to keep it whole.
 */
export function truncateString(s: string, limit: number, split = "\n"): string {
  const cut = s.substring(0, limit)
  const lastSplit = cut.lastIndexOf(split)
  return lastSplit > 0 ? cut.substring(0, lastSplit + split.length) : cut
}

/** The extension, without a dot, for a file in that format. A format we don't know is its own extension. */
export function formatToFileExtension(format: string): string {
  return FILE_EXTENSIONS.get(format) ?? format
}
