import { failureDocument } from "./failure_document"
import { outcomeSentence, reasonLines } from "./failure_sentences"
import { RunReport } from "./run_report"
import { successSentence } from "./success_sentence"

/** Longest message, in bytes of UTF-8: Looker shows it to a person and mails it. */
const MOST_MESSAGE_BYTES = 16000

/** Bytes of the lines for a person, where a JSON document follows. */
const MOST_LINES_BYTES = 6000

/** The most names of a group, and entries of a list, in the JSON document; fewer if the message gets too long. */
const MOST_SHOWN = 1000

/**
 * Returns what the person in Looker reads at the end of a run: sentences after a success. After a failure the outcome
 * in one sentence, a line for each reason, and, unless `withJson` is false, the whole account as JSON in the last line.
 */
export function reportMessage(report: RunReport, withJson = true): string {
  const link = linkLine(report)
  if (report.isSuccess) {
    return cutToBytes(successSentence(report), MOST_MESSAGE_BYTES - Buffer.byteLength(link)) + link
  }
  const mostLines = (withJson ? MOST_LINES_BYTES : MOST_MESSAGE_BYTES) - Buffer.byteLength(link)
  const text = linesWithin(report, mostLines) + link
  return withJson ? `${text}\n${jsonWithin(report, MOST_MESSAGE_BYTES - Buffer.byteLength(text) - 1)}` : text
}

/** Returns figures for the log, under keys without blanks; no lead data. */
export function reportFigures(report: RunReport): { [figure: string]: number } {
  const figures: { [figure: string]: number } = { ...report.rows, ...callFigures(report) }
  if (report.membership.size > 0) {
    const counts = [...report.membership.values()]
    figures.membershipsChanged = counts.reduce((sum, { changed }) => sum + changed, 0)
    figures.membershipsNotChanged = counts.reduce((sum, { skipped, failed }) => sum + skipped + failed, 0)
  }
  return figures
}

/** Returns the calls of a run, and the times (ms) that they waited. */
export function callFigures(
  { calls, throttledCalls, quotaWait, retryWait }: RunReport,
): { [figure: string]: number } {
  return { calls, throttledCalls, quotaWaitMs: quotaWait.totalMs, retryWaitMs: retryWait.totalMs }
}

/** Returns the line that says where every row is told of; empty if there is no such place. */
function linkLine({ rowLog: { link, hasAllRows, hasSamples } }: RunReport): string {
  const which = hasAllRows ? "" : " that were not applied as they stand"
  return link === undefined ? "" : `\nAll rows${which}${hasSamples ? ", and samples of new values" : ""}: ${link}`
}

function linesWithin(report: RunReport, mostBytes: number): string {
  const lines = reasonLines(report)
  let text = outcomeSentence(report)
  for (let index = 0; index < lines.length; index++) {
    const longer = `${text}\n- ${lines[index]}`
    const rest = `\n- There are ${lines.length - index} more reasons.`
    if (Buffer.byteLength(longer) > mostBytes - (index + 1 < lines.length ? Buffer.byteLength(rest) : 0)) {
      return text + rest
    }
    text = longer
  }
  return text
}

/** Returns the account as JSON with as many names and entries as there is room for. */
function jsonWithin(report: RunReport, mostBytes: number): string {
  const document = (names: number, entries: number) => JSON.stringify(failureDocument(report, names, entries))
  const fits = (text: string) => Buffer.byteLength(text) <= mostBytes
  const whole = document(MOST_SHOWN, MOST_SHOWN)
  if (fits(whole)) {
    return whole
  }
  const mostEntries = fits(document(1, MOST_SHOWN)) ? MOST_SHOWN : mostThat((count) => fits(document(1, count)))
  const mostNames = mostThat((count) => fits(document(count, mostEntries)))
  return mostNames === 0 ? JSON.stringify({ rows: report.rows }) : document(mostNames, mostEntries)
}

/** Returns the largest count up to MOST_SHOWN for which something holds that holds for smaller ones, too; 0 if none. */
function mostThat(holds: (count: number) => boolean): number {
  let below = 0
  let above = MOST_SHOWN + 1
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2)
    if (holds(middle)) {
      below = middle
    } else {
      above = middle
    }
  }
  return below
}

function cutToBytes(text: string, mostBytes: number): string {
  return Buffer.byteLength(text) <= mostBytes ? text : `${text.slice(0, Math.floor(mostBytes / 4))}…`
}
