import * as Hub from "../hub"
import { quantity } from "../hub/quantity"

/**
 * Returns the hub's page: the template with its four placeholders `{{label}}`, `{{url}}`, `{{count}}` and `{{actions}}`
 * filled in. Everything that comes from an action or the configuration is escaped.
 */
export function renderPage(template: string, hub: { label: string, url: string, actions: Hub.Action[] }): string {
  const values = new Map([
    ["label", escapeHtml(hub.label)],
    ["url", escapeHtml(hub.url)],
    ["count", quantity(hub.actions.length, "action")],
    ["actions", hub.actions.map(actionItem).join("\n")],
  ])
  return template.replace(/\{\{(\w+)\}\}/g, (placeholder, name: string) => values.get(name) ?? placeholder)
}

function actionItem(action: Hub.Action): string {
  const icon = action.getImageDataUri()
  const picture = icon === null ?
    `<span class="icon letter" aria-hidden="true">${escapeHtml(action.label.slice(0, 1))}</span>` :
    `<img class="icon" alt="" src="${escapeHtml(icon)}">`
  return [
    `<li>${picture}<div>`,
    `<h3>${escapeHtml(action.label)} <code>${escapeHtml(action.name)}</code></h3>`,
    `<p>${escapeHtml(action.description)}</p>`,
    `</div></li>`,
  ].join("")
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;" }
  return text.replace(/[&<>"']/g, (character) => entities[character])
}
