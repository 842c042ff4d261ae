/** One complaint of Marketo, at response level (`errors`) or at record level (`reasons`). */
export interface MarketoProblem {
  code: string
  message: string
  /** True if the words are our own, and say more than the code does. */
  isOurs?: boolean
}

/** The complaints of an answer, read leniently: codes come as strings or numbers. */
export function problemsOf(value: unknown): MarketoProblem[] {
  if (!Array.isArray(value)) {
    return []
  }
  return value
    .filter((entry: unknown): entry is object => typeof entry === "object" && entry !== null)
    .map((entry: { code?: unknown, message?: unknown }) => ({
      code: textOf(entry.code).trim(),
      message: textOf(entry.message),
    }))
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : ""
}
