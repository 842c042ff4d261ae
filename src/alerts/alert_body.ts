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
  const id = `${record.id}.${kind}`
  const event = {
    specversion: "1.0",
    id,
    source: hubUrl,
    type: `actionhub.run.${kind}`,
    subject: record.id,
    time: record.endedAt ?? record.updatedAt,
    datacontenttype: "application/json",
    data: { text: alertText(record, kind), ...data },
  }
  return { id, contentType: "application/cloudevents+json", text: JSON.stringify(event) }
}

/**
 * Returns an alert as Slack's incoming webhooks take it. Plans' titles are text there, and no markup.
 * Source: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export function slackMessage(record: RunRecord, kind: AlertKind): AlertBody {
  const sign = kind === "failed" ? ":red_circle:" : ":large_green_circle:"
  const text = alertText(record, kind).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")
  return {
    id: `${record.id}.${kind}`, contentType: "application/json", text: JSON.stringify({ text: `${sign} ${text}` }),
  }
}

/** Returns an alert that says of itself that it is a test. `time`: ISO 8601. */
export function testAlert(format: "cloudevents" | "slack", hubUrl: string, id: string, time: string): AlertBody {
  const text = "This is a test: an administrator of the action hub wanted to see whether alerts arrive here. " +
    "Nothing has failed."
  return format === "slack" ? { id, contentType: "application/json", text: JSON.stringify({ text }) } : {
    id, contentType: "application/cloudevents+json", text: JSON.stringify({
      specversion: "1.0", id, source: hubUrl === "" ? "action-hub" : hubUrl, type: "actionhub.test", time,
      datacontenttype: "application/json", data: { text },
    }),
  }
}
