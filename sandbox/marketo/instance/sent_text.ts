/** Returns any sent value as text: objects as JSON, everything else unchanged. */
export function sentText(sent: unknown): string {
  return typeof sent === "string" ? sent : typeof sent === "undefined" ? "" : JSON.stringify(sent)
}
