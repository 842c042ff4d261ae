import { expect } from "chai"
import * as fs from "fs"
import type { Page } from "playwright-core"

const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8")

interface Finding {
  id: string
  nodes: { html: string, failureSummary?: string }[]
}

/** Fails if axe finds anything wrong with the page as it is shown. */
export async function expectAccessible(page: Page): Promise<void> {
  // The policy of the page forbids scripts of others; this one comes from the debugger, past it.
  await page.evaluate(AXE)
  const { violations } = await page.evaluate<{ violations: Finding[] }>("axe.run()")
  const found = violations.map(({ id, nodes }) =>
    `${id}: ${nodes.map(({ html, failureSummary }) => `${html} (${failureSummary ?? ""})`).join("\n")}`)
  expect(found, "findings of axe").to.deep.equal([])
}
