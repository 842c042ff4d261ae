import { Call } from "../calls/api_reply"
import { seesWorkspace } from "../setup/custom_services"

/** The members by which the browse calls of the lead database family can filter. */
interface Browsable {
  id: number
  name: string
  workspace: string
  programName?: string
}

/**
 * Returns a filter by `id`, `name`, `programName` and `workspaceName` (comma lists; empty ones are ignored) and API
 * scope.
 */
export function browseFilter(call: Call): (asset: Browsable) => boolean {
  const { parameters, service } = call
  const ids = new Set(parameters.list("id").map(Number))
  const names = new Set(parameters.list("name"))
  const programs = new Set(parameters.list("programName"))
  const workspaces = new Set(parameters.list("workspaceName"))
  return (asset) => seesWorkspace(service, asset.workspace)
    && (ids.size === 0 || ids.has(asset.id))
    && (names.size === 0 || names.has(asset.name))
    && (programs.size === 0 || programs.has(asset.programName ?? ""))
    && (workspaces.size === 0 || workspaces.has(asset.workspace))
}
