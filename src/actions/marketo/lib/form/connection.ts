import { exchange, MarketoReply } from "../api/http"
import { ACCESS_DENIED, INSTANCE_NOT_FOUND, MarketoError, RESOURCE_NOT_FOUND, sentence } from "../errors"
import { minutesUntilReset } from "../stopping/stop_reasons"
import { EXAMPLE_ENDPOINT } from "../words/example_endpoint"
import { Answer, FormQuestions } from "./questions"

/** What opening a form proved of the connection. */
export type ConnectionProof =
  /** `message` says to what, and as whom. */
  { kind: "connected", message: string } |
  /** `message` says what is wrong and what to do about it. */
  { kind: "failed", message: string }

/** When identity is silent for so long (ms), it is worth a look whether the host can be reached at all. */
const PROBE_AFTER_MS = 700

/** How long that look may take, in ms. */
const PROBE_TIMEOUT_MS = 2500

/** Said after every problem: the schedules that are there must stay editable. */
const FORM_STILL_WORKS = "Until then nothing can be sent; this form can still be filled in and saved, with field " +
  "names and IDs typed by hand."

/** The same when only the moment is bad. */
const FORM_WORKS_NOW = "This form can be filled in and saved all the same, with field names and IDs typed by hand."

/**
 * Proves identity, reachability and admission: asks for a token, and for the day's usage, for which Marketo wants no
 * permission at all. Source: Marketo developer guide, "Authentication" and "Usage".
 */
export async function proveConnection(questions: FormQuestions): Promise<ConnectionProof> {
  const { connection } = questions
  const { host } = new URL(connection.origin)
  const user = await userOrObstacle(questions)
  if (user.kind !== "known") {
    return failed(user, host, questions.lastFailure)
  }
  const usage = await questions.ask("usage today", async () => {
    const askedAt = Date.now()
    const today = await questions.client.usageToday()
    connection.daily.learn(today === undefined ? 0 : today.total, askedAt)
    return today
  })
  if (usage.kind !== "known" && !(usage.kind === "refused" && isHarmless(usage.error))) {
    return failed(usage, host, questions.lastFailure)
  }
  const sentences = [`Connected to ${host}${user.value === "" ? "" : ` as ${user.value}`}.`]
  if (usage.kind === "known" && usage.value !== undefined) {
    const { total } = usage.value
    sentences.push(`${counted(total)} API call${total === 1 ? "" : "s"} used today by all integrations.`)
  }
  if (connection.daily.left !== undefined) {
    sentences.push(`${counted(connection.daily.left)} are left of those that this hub may use today.`)
  }
  return { kind: "connected", message: sentences.join(" ") }
}

/** A number as a person reads it: 4,310. */
export function counted(count: number): string {
  return count.toLocaleString("en-US")
}

/** A complaint about the usage call alone does not stand in the way of others. */
function isHarmless(error: MarketoError): boolean {
  return error.kind === "rejected" && error.code !== undefined && error.code !== RESOURCE_NOT_FOUND
}

/**
 * The user that identity names. The token's own attempts go on for longer than a form waits, which would then end with
 * "did not answer" where the reason can be known: when identity is silent, the host itself is tried.
 */
async function userOrObstacle(questions: FormQuestions): Promise<Answer<string>> {
  return new Promise<Answer<string>>((resolve, reject) => {
    const answerProblem = (problem: string | undefined) => {
      if (problem !== undefined) {
        resolve({ kind: "refused", error: new MarketoError("unavailable", problem) })
      }
    }
    const probe = setTimeout(() => {
      exchange({
        method: "GET", url: `${questions.connection.origin}/identity/oauth/token`, timeoutMs: PROBE_TIMEOUT_MS,
      }).then((reply) => answerProblem(problemOfProbe(reply))).catch(reject)
    }, PROBE_AFTER_MS)
    questions.user().then((answer) => {
      clearTimeout(probe)
      resolve(answer)
    }, reject)
  })
}

function problemOfProbe(reply: MarketoReply): string | undefined {
  if (reply.kind === "notSent") {
    return reply.explanation
  }
  return reply.kind !== "lost" && reply.status >= 500 ?
    `Marketo's identity service gave no usable answer (HTTP ${reply.status}).` : undefined
}

function failed(answer: Answer<unknown>, host: string, lastFailure: MarketoError | undefined): ConnectionProof {
  if (answer.kind === "refused") {
    return { kind: "failed", message: problemSentence(answer.error, host) }
  }
  if (lastFailure !== undefined &&
    (lastFailure.kind === "throttled" || lastFailure.code === INSTANCE_NOT_FOUND || isOfSomebodyElse(lastFailure))) {
    return { kind: "failed", message: problemSentence(lastFailure, host) }
  }
  // Its advice is for runs, which have rows to send again.
  const reason = lastFailure === undefined ? "" :
    ` (${(lastFailure.said ?? lastFailure.message).replace(/\.$/, "")})`
  return {
    kind: "failed",
    message: `Marketo at ${host} did not answer in time${reason}, so that names are missing here. ` +
      `It may be slow or busy: open the form again in a minute. ${FORM_WORKS_NOW}`,
  }
}

/** True when the call was turned away by something that is not Marketo. */
function isOfSomebodyElse(error: MarketoError): boolean {
  return error.kind === "unavailable" && error.origin === "between" && !error.maybeExecuted
}

function problemSentence(error: MarketoError, host: string): string {
  switch (isOfSomebodyElse(error) ? "rejected" : error.kind) {
    case "settings":
      return `${error.message} ${FORM_STILL_WORKS}`
    case "auth":
      return `${accessProblem(error, host)} ${FORM_STILL_WORKS}`
    case "quota":
      return `No API calls are left today: ${sentence(error.message)} Names are missing here until new ones come at ` +
        `midnight US Central time, in about ${hoursUntilReset()}. ${FORM_WORKS_NOW}`
    case "throttled":
      return `Marketo at ${host} is busy with the calls of other integrations. Open the form again in a minute. ` +
        FORM_WORKS_NOW
    case "unavailable":
      return `${sentence(error.message)} If this lasts, check ${/check the URL/i.test(error.message) ? "" :
        "the URL in the action's settings, and "}that the hub's network lets it reach ${host}. ${FORM_WORKS_NOW}`
    default:
      return `${host} does not answer as a Marketo instance does (${answerOf(error)}). Check the URL in the action's ` +
        "settings: it must be your instance's REST endpoint, which you find in Marketo under Admin > Integration > " +
        `Web Services; it looks like ${EXAMPLE_ENDPOINT}. ${FORM_STILL_WORKS}`
  }
}

function accessProblem(error: MarketoError, host: string): string {
  switch (error.code) {
    case undefined:
      return sentence(error.message)
    case ACCESS_DENIED:
      // The usage call needs no permission, so that a lacking one is not the reason.
      return `Marketo at ${host} refuses calls from this hub (code 603: access denied). Most likely the instance ` +
        "lets in listed IP addresses only, and this hub's is not among them: ask your Marketo administrator to add " +
        "it under Admin > Integration > Web Services > IP Restrictions. Otherwise the API user's role has no " +
        "API permissions at all."
    default:
      return `Marketo at ${host} does not accept the token that it gave out itself (code ${error.code}). Check ` +
        "under Admin > Integration > LaunchPoint in Marketo that the custom service and its API user are active."
  }
}

function answerOf(error: MarketoError): string {
  return error.code === undefined ? (/HTTP \d+/.exec(error.message) ?? ["an unknown answer"])[0] : `code ${error.code}`
}

function hoursUntilReset(): string {
  const hours = Math.ceil(minutesUntilReset(new Date()) / 60)
  return `${hours} hour${hours === 1 ? "" : "s"}`
}
