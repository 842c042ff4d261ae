import { expect } from "chai"
import { ActionResponse } from "../../src/hub"
import { DocumentedTexts, readDocument } from "./documented_texts"

/** What the stand-in says in Marketo's place: words that belong to no table. */
export const SAID = "Said"

const BEFORE = ["Before anything is sent"]
const SKIPPED = "Skipped rows and leads"
const FAILED = "A run that failed"
const DURING = ["During a run", "Before anything is sent"]

interface Entry {
  message: string
}

interface Failure {
  skipped?: { [reason: string]: unknown }
  notSent?: { [reason: string]: unknown }
  valuesLeftOut?: { [reason: string]: unknown }
  leadErrors?: Entry[]
  membershipErrors?: Entry[]
  requestErrors?: Entry[]
  notes?: string[]
}

/** Looks the messages of runs and forms up in messages.md, and remembers which of its texts were met. */
export class MessageLookup {
  readonly documented = new DocumentedTexts(readDocument("src/actions/marketo/messages.md"))

  /** Fails if one of the sections lacks a part of the text. */
  expectIn(sections: string[], text: string): void {
    const isThere = this.documented.has(text, sections, isTheirs)
    expect(isThere, `messages.md, under ${sections.join(" or ")}, has no row for: ${text}`).to.equal(true)
  }

  /** Fails if the words of a refusal before the run are not there. */
  expectRefusal({ message }: Error): void {
    this.expectIn(BEFORE, message)
  }

  /** Fails if any text of a run's answer is not there. */
  expectAnswer({ success, message = "" }: ActionResponse): void {
    if (success) {
      this.expectIn(["A run that went well", "Notes"], message)
    } else if (message.endsWith("}")) {
      const [outcome, ...lines] = message.split("\n")
      this.expectIn([FAILED], outcome)
      this.expectFailure(JSON.parse(lines.pop() ?? "") as Failure)
      // The other lines have texts of the document, or of a success.
      lines.map((line) => line.slice(2)).filter((line) => /^[\d,]+ /.test(line))
        .forEach((line) => this.expectIn([FAILED, "Notes", ...DURING], line))
    } else {
      this.expectIn(DURING, message.replace(/ No row was sent\.$/, ""))
    }
  }

  private expectFailure(failure: Failure): void {
    Object.keys(failure.skipped ?? {}).forEach((reason) => this.expectIn([SKIPPED], reason))
    Object.keys(failure.valuesLeftOut ?? {}).forEach((reason) => this.expectValueProblem(reason))
    failure.membershipErrors?.forEach(({ message }) => this.expectIn([...DURING, SKIPPED], message))
    const entries = [...failure.leadErrors ?? [], ...failure.requestErrors ?? []]
    for (const text of [...entries.map(({ message }) => message), ...Object.keys(failure.notSent ?? {})]) {
      this.expectIn(DURING, text)
    }
    failure.notes?.forEach((note) => this.expectIn(["Notes"], note))
  }

  private expectValueProblem(reason: string): void {
    const [, problem] = /^Column .+: (?:text|number|boolean|list|object) (.+) for \w+$/.exec(reason) ?? []
    this.expectIn(["Values"], problem ?? reason)
  }
}

/** True for the words of the stand-in for Marketo. */
function isTheirs(sentence: string): boolean {
  return [SAID, "Access denied", "Daily quota reached"].some((words) => sentence.startsWith(words))
}

/**
 * Marketo's own words; what takes a disturbance of the network, a CRM, a proxy or a fault of ours; and what follows
 * words of others, which the row before it covers.
 */
export const MET_ELSEWHERE = [
  "... not removed from list ...: ...",
  "... not removed from program ...: ...",
  "Nothing was written: more than ... % of the first rows have an empty cell for ..., and what these would clear " +
    "could not be looked up, since most of their lookup values have a comma. ...",
  "This was a dry run: nothing was written to Marketo. If it were not stopped, a real run would take about ... " +
    "and ....",
  "The lead is in another lead partition...",
  "Partition update not allowed",
  "Several leads in Marketo have the same lookup value...",
  "Of several leads that match, one was not found any more when it was to be updated",
  "Several leads in Marketo have the same lookup value, which cannot be looked up, because of its comma",
  "Several leads matched, and when they were looked up, none was found any more",
  "Several leads in Marketo have the same lookup value, and none of them is in the lead partition \"...\"",
  "... rows matched several leads in Marketo: for each, ...",
  "Nothing would be done: leads are only looked up, and no additional action is chosen. ...",
  "Marketo has no such lead that this API user can see...",
  "The lead is in Marketo already...",
  "There are ... more reasons.",
  "Connected to ... as ....",
  "There are no programs that the API user can see.",
  "Marketo at ... did not answer in time, so names are missing here. ...",
  "... If this lasts, check that the hub's network lets it reach ...",
  "... If this lasts, check the URL in the action's settings, and that the hub's network lets it reach ...",
  "Not all ... have been read so far (...): ...",
  "Marketo has no static list \"...\", and it cannot be created, since ...",
  "Marketo has no static list named exactly \"...\", but ...",
  "The setting \"URL\" of the Marketo action must begin with https://, ...",
  "Add a column with the tag \"...\" to the query, ...",
  "Marketo at ... does not accept the Client ID and Client Secret of the action's settings. ...",
  "The column ... feeds the Marketo field \"...\" (...), which only the CRM that Marketo is connected with may change.",
  "Lead is larger than one call to Marketo may be (1 MB)",
  "The program fields are larger than one call to Marketo may be (1 MB)",
  "Marketo skipped this lead with code ... and without a text",
  "Other reasons",
  "Invalid value for field '...' and value '...'",
  "Field '...' not found",
  "Partition '...' not found",
  "is not a lead's id",
  "has too many digits to be written out",
  "may have lost digits on its way to this action",
  "has other characters than ASCII, which Marketo does not take in an e-mail address",
  "The hub had to end the run before it was complete. Reading ended after row ...; the rows after it were not sent.",
  "The run was ended before Marketo had answered.",
  "The run was ended while this was repeated.",
  "... Looker's result is not valid JSON: it has NaN in the place of a value, ...",
  "... The proxy ... refused the connection to Looker (...) with status ...: ...",
  "An unexpected error occurred in the Marketo action before anything was written.",
  "An unexpected error occurred in the Marketo action: ...",
  "An unexpected error occurred in the Marketo action. ...",
  "An unexpected error occurred in the Marketo action at row ...; the rows after it were not sent.",
  "... After several calls like that, the removal of these members was not tried.",
  "Marketo asks for fewer calls (HTTP 429).",
  "... Check the URL in the action's settings.",
  "... But Marketo finds none that is named exactly \"...\": give the list's ID in place of its name.",
  "Marketo gave error ... without a text",
  "Marketo answered for other leads than those it was asked for, so the results cannot be matched to leads.",
  "Marketo did not return the ID of the new list \"...\".",
  "Marketo repeats the same page of results (...).",
  "Marketo did not give the rest of its results (...).",
  "Marketo's answer to a search by name is not usable.",
  "Marketo's answer does not contain its lead fields.",
  "Other failures",
  "Marketo at ... did not answer in time.",
  "Marketo's identity service gave no usable answer (HTTP ...)....",
  "Marketo at ... gave a token that has already expired.",
  "The status \"...\" could not be checked, since Marketo does not name the statuses of the channel \"...\".",
  "The query's time zone \"...\" is not known here; times were taken as those of ....",
  "Looker has ... more warnings.",
  "This send takes ... calls to Marketo, and about ... are left of today's (... were used before).",
  "This was a dry run: a real run would send nothing to Marketo.",
]
