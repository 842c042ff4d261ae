import * as Hub from "../hub"
import { quantity } from "../hub/quantity"
import type { HubPages } from "./hub_pages"

/**
 * Returns the hub's page: the template with its placeholders `{{label}}`, `{{url}}`, `{{count}}`, `{{actions}}` and
 * `{{links}}` filled in. Everything that comes from an action or the configuration is escaped.
 */
export function renderPage(
  template: string, hub: { label: string, url: string, actions: Hub.Action[], links: HubPages["links"] },
): string {
  const values = new Map([
    ["label", escapeHtml(hub.label)],
    ["url", escapeHtml(hub.url)],
    ["count", quantity(hub.actions.length, "action")],
    ["actions", hub.actions.map(actionItem).join("\n")],
    ["links", hub.links.map(linkItem).join("\n")],
  ])
  return template.replace(/\{\{(\w+)\}\}/g, (placeholder, name: string) => values.get(name) ?? placeholder)
}

function linkItem({ path, label, description }: HubPages["links"][number]): string {
  return `<p><a class="door" href="${escapeHtml(path)}">${escapeHtml(label)}</a> ${escapeHtml(description)}</p>`
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

/** Returns the text as HTML shows it, in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;" }
  return text.replace(/[&<>"']/g, (character) => entities[character])
}
