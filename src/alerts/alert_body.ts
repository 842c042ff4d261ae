import type { RunRecord } from "../runs/records/run_record"
import { AlertKind, alertText } from "./alert"

/** A request's body, and what it is. */
export interface AlertBody {
  /** Stays the same when it is sent again. */
  id: string
  contentType: string
  text: string
}

/**
 * Returns an alert as a CloudEvent. It has the record without what plots are drawn from, and without the sender.
 * Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 */
export function cloudEvent(record: RunRecord, kind: AlertKind, hubUrl: string): AlertBody {
  const { samples, sender, hub, ...data } = record
  return eventBody({
    id: `${record.id}.${kind}`, source: hubUrl, type: `actionhub.run.${kind}`, subject: record.id,
    time: record.endedAt ?? record.updatedAt, data: { text: alertText(record, kind), ...data },
  })
}

/**
 * Returns an alert as Slack's incoming webhooks take it. Plans' titles are text there, and no markup.
 * Source: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export function slackMessage(record: RunRecord, kind: AlertKind): AlertBody {
  const sign = kind === "failed" ? ":red_circle:" : ":large_green_circle:"
  const text = alertText(record, kind).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")
  return slackBody(`${record.id}.${kind}`, `${sign} ${text}`)
}

/** Returns an alert that says of itself that it is a test. `time`: ISO 8601. */
export function testAlert(format: "cloudevents" | "slack", hubUrl: string, id: string, time: string): AlertBody {
  const text = "This is a test: an administrator of the action hub wanted to see whether alerts arrive here. " +
    "Nothing has failed."
  return format === "slack" ? slackBody(id, text) :
    eventBody({ id, source: hubUrl === "" ? "action-hub" : hubUrl, type: "actionhub.test", time, data: { text } })
}

function eventBody(
  { data, ...attributes }: { id: string, source: string, type: string, subject?: string, time: string, data: object },
): AlertBody {
  const event = { specversion: "1.0", ...attributes, datacontenttype: "application/json", data }
  return { id: attributes.id, contentType: "application/cloudevents+json", text: JSON.stringify(event) }
}

function slackBody(id: string, text: string): AlertBody {
  return { id, contentType: "application/json", text: JSON.stringify({ text }) }
}
