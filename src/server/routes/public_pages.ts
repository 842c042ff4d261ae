import type { NextFunction, Request, Response } from "express"

import * as Hub from "../../hub"
import { renderPage } from "../page"
import { RefusedRequest } from "../refused_request"
import { noteRoute } from "../request_metrics"
import { withoutTrailingSlash } from "../server_settings"
import type { RouteContext } from "./context"

/** The page contains everything it needs. Nothing else is loaded, and nothing is run. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Shows the hub's page in a browser. */
export async function showPage(
  { files, pages }: RouteContext, _req: Request, res: Response, next: NextFunction,
): Promise<void> {
  const template = files.page
  if (template === undefined) {
    next()
    return
  }
  const page = renderPage(template, {
    label: process.env.ACTION_HUB_LABEL ?? "Action Hub",
    url: withoutTrailingSlash(process.env.ACTION_HUB_BASE_URL ?? ""),
    actions: await Hub.allActions({ lookerVersion: null }),
    links: pages?.links ?? [],
  })
  res.setHeader("Content-Security-Policy", PAGE_POLICY)
  res.type("html").send(page)
}

/** Shows one of the files in `public/`. */
export async function showFile(
  { files }: RouteContext, req: Request, res: Response, next: NextFunction,
): Promise<void> {
  const path = decodedPath(req.path)
  const bytes = ["GET", "HEAD"].includes(req.method) ? files.byPath.get(path) : undefined
  if (bytes === undefined) {
    next()
    return
  }
  noteRoute(res, "file")
  res.type(path.slice(path.lastIndexOf("/") + 1)).send(bytes)
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw new RefusedRequest(400, "The request could not be read: its path is not properly encoded.")
  }
}
