import { noUsableToken } from "../api/access_token"
import { exchange, MarketoReply } from "../api/http"
import { MarketoError, RESOURCE_NOT_FOUND } from "../errors"
import { amount, figure } from "../words/amounts"
import { connectionProblem, silenceProblem } from "./connection_problem"
import { Answer, FormQuestions } from "./questions"

/** The proof of a connection that comes with opening a form. */
export type ConnectionProof =
  /** `message` names the instance and the user. */
  { kind: "connected", message: string } |
  /** `message` explains what is wrong and what to do about it. */
  { kind: "failed", message: string }

/** Silence of identity, in ms, after which the host itself is tried. */
const PROBE_AFTER_MS = 700

/** Time that this trial may take, in ms. */
const PROBE_TIMEOUT_MS = 2500

/**
 * Proves identity, reachability and admission: asks for a token, and for the day's usage, for which Marketo wants no
 * permission at all. Source: Marketo developer guide, "Authentication" and "Usage".
 */
export async function proveConnection(questions: FormQuestions): Promise<ConnectionProof> {
  const { connection } = questions
  const { host } = new URL(connection.origin)
  const user = await userOrObstacle(questions, host)
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
    sentences.push(`${amount(usage.value.total, "API call")} used today by all integrations.`)
  }
  if (connection.daily.left !== undefined) {
    sentences.push(`${figure(connection.daily.left)} are left of those that this hub may use today.`)
  }
  return { kind: "connected", message: sentences.join(" ") }
}

/** Returns true for a complaint about the usage call alone, which does not stand in the way of others. */
function isHarmless(error: MarketoError): boolean {
  return error.kind === "rejected" && error.code !== undefined && error.code !== RESOURCE_NOT_FOUND
}

/**
 * Resolves to the user that identity names. The token's own attempts go on for longer than a form waits, which would
 * end with "did not answer" where the reason can be known. So when identity is silent, the host itself is tried.
 */
async function userOrObstacle(questions: FormQuestions, host: string): Promise<Answer<string>> {
  return new Promise<Answer<string>>((resolve, reject) => {
    const probe = setTimeout(() => {
      exchange({
        method: "GET", url: `${questions.connection.origin}/identity/oauth/token`, timeoutMs: PROBE_TIMEOUT_MS,
      }).then((reply) => {
        const obstacle = obstacleOf(reply, host)
        if (obstacle !== undefined) {
          resolve({ kind: "refused", error: obstacle })
        }
      }).catch(reject)
    }, PROBE_AFTER_MS)
    questions.user().then((answer) => {
      clearTimeout(probe)
      resolve(answer)
    }, reject)
  })
}

function obstacleOf(reply: MarketoReply, host: string): MarketoError | undefined {
  if (reply.kind === "notSent") {
    return new MarketoError("unavailable", reply.explanation, { advice: reply.advice })
  }
  return reply.kind !== "lost" && reply.status >= 500 ?
    new MarketoError("unavailable", noUsableToken(host, reply.status), { status: reply.status }) : undefined
}

function failed(answer: Answer<unknown>, host: string, lastFailure: MarketoError | undefined): ConnectionProof {
  return {
    kind: "failed",
    message: answer.kind === "refused" ? connectionProblem(answer.error, host) : silenceProblem(host, lastFailure),
  }
}
