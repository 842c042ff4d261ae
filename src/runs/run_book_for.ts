import * as crypto from "crypto"
import * as fs from "fs"
import * as path from "path"
import * as winston from "winston"
import type { CoordinationSettings } from "../hub/coordination/coordination_settings"
import { ReportFiles } from "./reports/report_files"
import { ReportKeeper } from "./reports/report_keeper"
import type { ReportSeal } from "./reports/report_seal"
import type { ReportStore } from "./reports/report_store"
import { RunBook, RunListener } from "./run_book"
import type { RunsSettings } from "./runs_settings"
import { LocalRuns } from "./stores/local_runs"
import { RunFiles } from "./stores/run_files"
import type { RunStore } from "./stores/run_store"

export interface RunBookParts {
  settings: RunsSettings
  /** Redis if the hub has one, and a directory otherwise. */
  place: Pick<CoordinationSettings, "redis" | "stateDirectory">
  /** The hub's name in the directory, which several hubs may share; see {@link hubFolder}. */
  folder: string
  /** The hub's name before its secret was changed: what is there is taken over, once. */
  formerFolder?: string
  /** Returns the address of the hub, without a slash at the end. */
  baseUrl: () => string
  /** Encrypts the keys of reports for people who may open them without their links; absent if nobody may. */
  seal?: ReportSeal
  /** Made for the records that are kept. */
  listenerFor?: (store: RunStore) => RunListener | undefined
}

/**
 * Returns the book of runs for these settings. Without a place, or with a directory that cannot be used, records are
 * kept in memory, and no reports: a hub whose disk is read-only sends all the same.
 */
export async function runBookFor(parts: RunBookParts): Promise<RunBook> {
  const { settings: { reports }, baseUrl, seal } = parts
  const { runs, reportStore } = await storesFor(parts)
  const keeper = reports === undefined || reportStore === undefined ? undefined : new ReportKeeper({
    store: reportStore, bounds: reports, wantsAllRows: reports.wantsAllRows, limitBytes: reports.limitBytes, baseUrl,
    seal,
  })
  return new RunBook(runs, keeper, parts.listenerFor?.(runs))
}

/** Returns a name for a hub with that secret, which tells nothing of the secret. */
export function hubFolder(secret: string): string {
  const hash = crypto.createHash("sha256").update(`runs ${secret}`).digest("hex").slice(0, 16)
  return `action-hub-${hash}`
}

async function storesFor(
  { settings: { reports }, place: { redis, stateDirectory }, folder, formerFolder }: RunBookParts,
): Promise<{ runs: RunStore, reportStore?: ReportStore }> {
  if (redis !== undefined) {
    // Loaded here, so that a hub without Redis does not load the client.
    const { RedisClient } = await import("./stores/redis_client")
    const { RedisRuns } = await import("./stores/redis_runs")
    const { RedisReports } = await import("./reports/redis_reports")
    const client = new RedisClient(redis.url)
    return {
      runs: new RedisRuns(client, redis.prefix),
      reportStore: reports === undefined ? undefined : new RedisReports(client, redis.prefix, reports),
    }
  }
  if (stateDirectory === undefined) {
    return { runs: new LocalRuns() }
  }
  const directory = path.join(stateDirectory, folder)
  try {
    if (formerFolder !== undefined) {
      takeOver(path.join(stateDirectory, formerFolder), directory)
    }
    return {
      runs: new LocalRuns(new RunFiles(path.join(directory, "runs"))),
      reportStore: reports === undefined ? undefined : new ReportFiles(path.join(directory, "reports"), reports),
    }
  } catch (failure) {
    const { code, message } = failure as NodeJS.ErrnoException
    winston.warn(`ACTION_HUB_STATE_DIRECTORY cannot be used (${code ?? message}): records of runs are kept in ` +
      "memory, and are lost when the hub ends. Reports of rows are not kept.")
    return { runs: new LocalRuns() }
  }
}

/** Gives the former directory the new name, unless there is none, or a new one already. */
function takeOver(former: string, directory: string): void {
  if (fs.existsSync(former) && !fs.existsSync(directory)) {
    fs.renameSync(former, directory)
  }
}
