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
 * Returns at most the first `limit` characters, cut after the last `split` among them, which leaves whole lines by
 * default. They stay uncut if they have no `split`, or only one at the very start. Text after the last `split` is
 * dropped even if all of it is shorter than the limit; end a text with `split` to keep it whole.
 */
export function truncateString(s: string, limit: number, split = "\n"): string {
  const cut = s.substring(0, limit)
  const lastSplit = cut.lastIndexOf(split)
  return lastSplit > 0 ? cut.substring(0, lastSplit + split.length) : cut
}

/** Returns the extension, without a dot, for a file in that format. An unknown format is its own extension. */
export function formatToFileExtension(format: string): string {
  return FILE_EXTENSIONS.get(format) ?? format
}
