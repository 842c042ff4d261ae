import type { Request, Response } from "express"

import { escapeHtml } from "../server/page"

/**
 * The browser loads nothing from elsewhere, runs no script that stands in the page, and makes no HTML of texts: they
 * come from Looker, Marketo and actions.
 */
const PAGE_POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
  "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ")

export type PageName = "console" | "playground"

const TITLES: Record<PageName, string> = { console: "Console", playground: "Playground" }

/**
 * Answers with the page whose script and style have the name. What it shows, it asks for itself. `pages`: the pages
 * that are switched on, to which it leads.
 */
export function showShell(name: PageName, pages: PageName[]) {
  return async (req: Request, res: Response): Promise<void> => {
    if (req.path.endsWith("/")) {
      // Its files are found from the address without the slash, whatever stands before it.
      res.redirect(`../${name}`)
      return
    }
    const label = escapeHtml(process.env.ACTION_HUB_LABEL ?? "Action Hub")
    res.set({ "Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-store", "X-Robots-Tag": "noindex" })
    res.type("html").send(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="console-files/${name}.css">
<script type="module" src="console-files/${name}.js"></script>
<title>${TITLES[name]} - ${label}</title>
</head>
<body data-label="${label}" data-pages="${pages.join(" ")}">
<div id="page"></div><noscript>This page needs JavaScript.</noscript>
</body>
</html>
`)
  }
}
