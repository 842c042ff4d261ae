import { ApiError, Call, Operation, Work, World } from "../calls/api_reply"
import { READ_ASSETS, assetsNamed, updatedWithin, visibleAssets } from "./asset_request"
import { Channel, Program } from "../instance/assets"
import { seesWorkspace } from "../setup/custom_services"
import { assetTimestamp } from "../instance/lead_values"
import { assetPage, assetResult } from "./paging"
import { numberFrom } from "../calls/request_input"

const URL_MARKS: Record<Program["type"], string> = {
  "Default": "PG", "Event": "ME", "Event with Webinar": "ME", "Engagement": "NP", "Email": "EBP",
}

export const PROGRAM_OPERATIONS: Operation[] = [
  read("browsePrograms", "/rest/asset/v1/programs.json", beginBrowse),
  read("getProgramByName", "/rest/asset/v1/program/byName.json", (call, world) => {
    const found = assetsNamed(call, () => visibleAssets(call.service, world.store.programs.values()))
    return { commit: () => assetResult(found().map((program) => programItem(program, world))) }
  }),
  read("getProgram", "/rest/asset/v1/program/{programId}.json", (call, world) => {
    const program = world.store.programs.get(numberFrom(call.pathValues[0]))
    if (!program || !seesWorkspace(call.service, program.workspace)) {
      throw new ApiError("702", "Program not found or it has been deleted")
    }
    return { commit: () => ({ result: [{ ...programItem(program, world), tags: [], costs: [] }] }) }
  }),
  read("browseChannels", "/rest/asset/v1/channels.json", (call, { store }) =>
    ({ commit: () => assetPage(call, [...store.channels.values()].map(channelItem)) })),
  read("getChannelByName", "/rest/asset/v1/channel/byName.json", (call, { store }) => {
    // The API description spells the parameter with a capital letter, the guide without.
    const found = assetsNamed(call, () => store.channels.values(),
      call.parameters.one("Name") === undefined ? "name" : "Name")
    return { commit: () => assetResult(found().map(channelItem)) }
  }),
]

function read(name: string, path: string, begin: Operation["begin"]): Operation {
  return { name, method: "GET", path, family: "asset", latency: "asset", permissions: READ_ASSETS, body: "none", begin }
}

function beginBrowse(call: Call, world: World): Work {
  const isRecent = updatedWithin(call)
  const filterType = call.parameters.one("filterType")
  const values = new Set(call.parameters.list("filterValues"))
  const status = call.parameters.one("status")
  return { commit: () => assetPage(call, visibleAssets(call.service, world.store.programs.values())
    .filter((program) => filterType === undefined || values.has(filterValue(program, filterType)))
    .filter((program) => status === undefined || program.status === status)
    .filter(isRecent).map((program) => programItem(program, world))) }
}

function filterValue(program: Program, filterType: string): string {
  switch (filterType) {
    case "id":
    case "programId":
      return String(program.id)
    case "folderId":
      return String(program.folderId)
    case "workspace":
      return program.workspace
    default:
      throw new ApiError("1001", `Invalid value '${filterType}'. Required of type 'filterType'`)
  }
}

function programItem(program: Program, { store }: World): object {
  const { id, name, description = "", createdAt, updatedAt, type, channel, folderId, status, workspace } = program
  return {
    id, name, description, createdAt: assetTimestamp(createdAt), updatedAt: assetTimestamp(updatedAt),
    url: `https://app-sandbox.example.com/#${URL_MARKS[type]}${id}A1`, type, channel,
    folder: { type: "Folder", value: folderId, folderName: store.folders.get(folderId)?.name ?? "" },
    status, workspace, headStart: false,
  }
}

function channelItem({ id, name, applicableProgramType, createdAt, updatedAt, statuses }: Channel): object {
  return {
    id, name, applicableProgramType, createdAt: assetTimestamp(createdAt), updatedAt: assetTimestamp(updatedAt),
    progressionStatuses: statuses.map((status) => ({ name: status.name, step: status.step, description: null,
      hidden: status.hidden, success: status.success })),
  }
}
