import { MarketoError, NO_ASSET_FOUND, OBJECT_NOT_FOUND } from "../errors"
import { MarketoCall, Query } from "./call"
import { MarketoCaller } from "./caller"
import { Operation } from "./operations"
import { PageGuard } from "./paging"
import { Envelope } from "./types"

/** Most elements of a page. Source: Marketo developer guide, "Paging Tokens" and "Assets". */
const PAGE_OF_LEAD_DATABASE = "300"
export const PAGE_OF_ASSETS = 200

/** Calls back with every page of a result whose pages are linked by tokens. Throws as MarketoCaller.send does. */
export async function eachTokenPage<T>(
  caller: MarketoCaller, call: MarketoCall, onPage: (page: T[]) => void,
): Promise<void> {
  const pages = new PageGuard(call.operation.name)
  let nextPageToken: string | undefined
  do {
    const query: Query = { ...call.query, batchSize: PAGE_OF_LEAD_DATABASE, nextPageToken }
    const envelope: Envelope<T> = await caller.send<T>({ ...call, query })
    onPage(envelope.result ?? [])
    nextPageToken = pages.next(envelope)
  } while (nextPageToken !== undefined)
}

/** Returns the whole of a result whose pages are linked by tokens. Throws as MarketoCaller.send does. */
export async function allTokenPages<T>(caller: MarketoCaller, call: MarketoCall): Promise<T[]> {
  const all: T[] = []
  await eachTokenPage<T>(caller, call, (page) => { all.push(...page) })
  return all
}

/** Calls back with every page of a result that is read by offsets. Throws as MarketoCaller.send does. */
export async function eachOffsetPage<T>(
  caller: MarketoCaller, operation: Operation, filter: Query, onPage: (page: T[]) => void,
): Promise<void> {
  for (let offset = 0; ; offset += PAGE_OF_ASSETS) {
    const query = { ...filter, maxReturn: String(PAGE_OF_ASSETS), offset: String(offset) }
    const page = (await caller.send<T>({ operation, query })).result ?? []
    onPage(page)
    if (page.length < PAGE_OF_ASSETS) {
      return
    }
  }
}

/** Returns what was found; nothing if an instance reports by an error that there is nothing. */
export async function noneIfNotFound<T>(promise: Promise<T[]>): Promise<T[]> {
  try {
    return await promise
  } catch (failure) {
    if (failure instanceof MarketoError && (failure.code === OBJECT_NOT_FOUND || failure.code === NO_ASSET_FOUND)) {
      return []
    }
    throw failure
  }
}
