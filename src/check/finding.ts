/** What a check has found. */
export interface Finding {
  /** `skip`: there was nothing to check, or no way to. `warn`: it works, but somebody should know. */
  verdict: "ok" | "warn" | "fail" | "skip"
  subject: string
  /** What was found and, unless all is well, what to do. One line, without a secret. */
  text: string
}

/** Returns the findings as lines that line up, with a last one for all of them. */
export function report(findings: Finding[]): string {
  const width = Math.max(...findings.map(({ subject }) => subject.length))
  const lines = findings.map(({ verdict, subject, text }) =>
    `${verdict.padEnd(5)} ${subject.padEnd(width)}  ${text.replace(/\s+/g, " ")}`)
  const failed = findings.filter(({ verdict }) => verdict === "fail").length
  lines.push("", failed === 0 ? "Nothing failed." : `${failed} of ${findings.length} checks failed.`)
  return lines.map((line) => `${line}\n`).join("")
}

/** Returns 1 if a check failed, and 0 otherwise. */
export function exitCodeFor(findings: Finding[]): 0 | 1 {
  return findings.some(({ verdict }) => verdict === "fail") ? 1 : 0
}
