/**
 * The program of an execute process: loads every action once, then executes requests until it is told to end.
 * The worker library loads it and calls the default export for each message (see `process_start.ts`).
 */
import * as winston from "winston"

import { forgetHubSecrets, loadEnvironmentFile, readVariableFiles } from "./environment_file"

// This comes before any action is loaded, since some read the environment at once.
loadEnvironmentFile()
forgetHubSecrets()
readVariableFiles()

import * as Hub from "../hub"
import { attachStopSignal } from "../hub/action_request"
import { attachCoordination } from "../hub/coordination/request_coordination"
import { attachMetrics } from "../hub/metrics"
import { attachRunAccount } from "../hub/run_account"
import { useSpoolSpace } from "../hub/stream/spool_space"
import { attachTrace } from "../hub/tracing"
import { MetricsOutbox } from "../observability/metrics_outbox"

import "../actions/index"

import { registerDebugAction } from "../actions/debug/debug"

import { AttachmentArrivals } from "./attachment_transfer"
import { CoordinationClient } from "./coordination_client"
import { errorOrigin, errorText } from "./error_text"
import { configureLogging, type LoggedRun, runLogFields } from "./logging"
import { watchForOrphanhood } from "./orphan_watch"
import {
  isHubNotice, type ProcessGreeting, type ProcessNotice, type ProcessTask, type RunReply,
  type RunTask,
} from "./process_messages"
import { parseRequest } from "./request_json"
import { RunAccountClient } from "./run_account_client"
import { onStrayErrors, RunContext } from "./run_context"
import { SpoolSpaceClient } from "./spool_space_client"

interface RunInProcess extends LoggedRun {
  runId: number
  stop: AbortController
  /** Ends the run with a failure from outside of its own promise. */
  fail: (thrown: unknown) => void
}

const runs = new Map<number, RunInProcess>()
const arrivals = new AttachmentArrivals()
const context = new RunContext<RunInProcess>()
const sendToHub = process.send?.bind(process)
const coordination = new CoordinationClient((frames) => notify({ notice: "coordination", frames }))
const spoolSpace = new SpoolSpaceClient((change) => notify({ notice: "spoolSpace", change }))
const metrics = new MetricsOutbox((changes) => notify({ notice: "metrics", changes }))

configureLogging(() => context.current)
useSpoolSpace(spoolSpace)
registerDebugAction()
tagTextsWithRun()
keepStrayErrorsToTheirRun()
endWithTheHub()
receiveNotices()

/** Does one task. {@link ProcessTask} lists the answers. */
export default async function perform(task: ProcessTask): Promise<ProcessGreeting | RunReply | undefined> {
  switch (task.kind) {
    case "greet":
      return { loadedInMs: Math.round(process.uptime() * 1000) }
    case "ping":
      return undefined
    case "stop":
      runs.get(task.runId)?.stop.abort(new Error(task.reason))
      return undefined
    case "attachment":
      arrivals.keep(task.runId, task.piece, task.allBytes)
      return undefined
    case "run":
      return run(task)
  }
}

async function run(task: RunTask): Promise<RunReply> {
  const { runId, account: order } = task
  const stop = new AbortController()
  const account = order === undefined ? undefined :
    new RunAccountClient(order, (entry) => notify({ notice: "account", runId, entry }))
  return new Promise<RunReply>((resolve) => {
    const answer = (reply: RunReply) => {
      account?.end()
      metrics.flush()
      resolve(reply)
    }
    const fail = (thrown: unknown) => answer(failureReply(thrown))
    const thisRun: RunInProcess = { runId, stop, fail, logged: runLogFields(order) }
    runs.set(runId, thisRun)
    context.within(thisRun, () => {
      execute(task, stop.signal, account).then(answer, fail).finally(() => runs.delete(runId))
    })
  })
}

function failureReply(thrown: unknown): RunReply {
  const reply: RunReply = { success: false, message: errorText(thrown) }
  const validationErrors = Hub.validationErrorsOf(thrown)
  return validationErrors.length === 0 ? reply : { ...reply, validationErrors }
}

async function execute(
  { runId, request: data, hasAttachedJson = false, takesMetrics = false, trace }: RunTask, stopSignal: AbortSignal,
  account?: RunAccountClient,
): Promise<RunReply> {
  const request = Hub.ActionRequest.fromIPC(typeof data === "string" ? parseRequest(data) : data)
  arrivals.attach(runId, request.attachment, hasAttachedJson)
  notify({ notice: "started", runId, webhookId: request.webhookId })
  attachStopSignal(request, stopSignal)
  attachCoordination(request, coordination)
  if (takesMetrics) {
    attachMetrics(request, metrics)
  }
  if (trace !== undefined) {
    // Loaded here, since hardly any hub has an SDK.
    const { RunTrace } = await import("../observability/run_trace")
    attachTrace(request, RunTrace.from(trace))
  }
  if (account !== undefined) {
    attachRunAccount(request, account)
  }
  const action = await Hub.findAction(request.actionId ?? "", { lookerVersion: request.lookerVersion })
  const response: unknown = await action.execute(request)
  if (response === undefined) {
    throw new TypeError("The \"message\" argument must be specified")
  }
  if (typeof response !== "object" || response === null) {
    throw new TypeError(`The action answered with ${errorText(response)} where a response was expected.`)
  }
  // Goes through JSON, since members that cannot cross over (functions) would make the whole answer fail.
  return JSON.parse(JSON.stringify(response)) as RunReply
}

function notify(notice: ProcessNotice): void {
  sendToHub?.(notice, undefined, undefined, () => {
    // The hub is gone, and so is the receiver. "disconnect" ends this process.
  })
}

/** Receives the hub's notices. The library ignores messages other than its own. */
function receiveNotices(): void {
  process.on("message", (message: unknown) => {
    if (!isHubNotice(message)) {
      return
    }
    if (message.notice === "coordination") {
      coordination.receive(message.answer)
    } else {
      spoolSpace.receive()
    }
  })
}

/**
 * Tags the texts that actions send through `process.send` with their run, so that the hub knows which of the runs sent
 * them.
 */
function tagTextsWithRun(): void {
  if (sendToHub === undefined) {
    return
  }
  const send = sendToHub as (...args: unknown[]) => boolean
  process.send = (message: unknown, ...others: unknown[]): boolean => {
    const sender = context.current
    if (typeof message !== "string" || sender === undefined) {
      return send(message, ...others)
    }
    const notice: ProcessNotice = { notice: "text", runId: sender.runId, text: message }
    return send(notice, ...others)
  }
}

/**
 * Fails a run with its own uncaught error, and no other run. The process gets no new runs afterwards. If the run is
 * unknown, the process ends, as Node would end it.
 */
function keepStrayErrorsToTheirRun(): void {
  onStrayErrors((thrown) => {
    const culprit = context.current
    if (culprit === undefined) {
      winston.error(`An error outside of any run ends this execute process: ${errorOrigin(thrown)}`)
      process.exit(1)
    }
    culprit.fail(thrown)
    culprit.stop.abort(new Error("The run failed"))
    notify({ notice: "tainted", runId: culprit.runId, origin: errorOrigin(thrown) })
  })
}

/**
 * Ends this process with the hub. The hub ends its execute processes when their runs are over. A signal to the whole
 * group of processes (a service manager's stop, Ctrl-C) must not end runs that the hub still waits for. The hub's own
 * end must.
 */
function endWithTheHub(): void {
  const endWhenIdle = () => {
    if (runs.size === 0) {
      process.exit(0)
    }
  }
  process.on("SIGTERM", endWhenIdle)
  process.on("SIGINT", endWhenIdle)
  process.on("disconnect", () => process.exit(0))
  watchForOrphanhood()
}
