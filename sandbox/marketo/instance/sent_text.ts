/** Any sent value as text: objects as JSON, everything else as it reads. */
export function sentText(sent: unknown): string {
  return typeof sent === "string" ? sent : typeof sent === "undefined" ? "" : JSON.stringify(sent)
}
