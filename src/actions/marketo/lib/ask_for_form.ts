import * as Hub from "../../../hub"
import { connectionFor } from "./api/connection"
import { MarketoConfiguration } from "./configuration/configuration"
import { FormQuestions } from "./form/questions"
import { CallMetrics } from "./metrics/call_metrics"
import { hubMetricsOf } from "./metrics/hub_metrics"
import { coordinationOf } from "./quota/coordination"
import { readCredentials } from "./settings/run_settings"

/**
 * Returns what `ask` learns from the instance of a request, for which it has `patienceMs` in all.
 * Throws MarketoSettingsError if the connection settings cannot work.
 */
export async function askForForm<T>(
  request: Hub.ActionRequest, configuration: MarketoConfiguration, patienceMs: number,
  ask: (questions: FormQuestions) => Promise<T>,
): Promise<T> {
  const connection = connectionFor(
    readCredentials(request, configuration), configuration, "forms", coordinationOf(request))
  const questions = new FormQuestions(
    connection, patienceMs, { webhookId: request.webhookId }, new CallMetrics(connection, hubMetricsOf(request)))
  try {
    return await ask(questions)
  } finally {
    questions.end()
  }
}
