import { Permission } from "../errors"
import { Repetition } from "../quota/retry_policy"

/** One operation of Marketo's REST API. */
export interface Operation {
  /** Name for logs and reports. */
  name: string
  method: "GET" | "POST" | "DELETE"
  /** Begins with a slash. `{id}` stands for the id that a call is about. */
  path: string
  /** What the API user's role needs; of two that do, the one that runs need as well. Absent if nothing is needed. */
  permission?: Permission
  repetition: Repetition
  /** True if other calls of a run build upon this one. */
  goesFirst?: boolean
  /** True if a call must not be lost because the other end has closed a connection that was kept open. */
  needsOwnConnection?: boolean
}

/** Lets each operation be known by its key, and be checked as one. */
function tableOf<Table extends { [key: string]: Operation }>(table: Table): Table {
  return table
}

/**
 * Every operation that the action uses. Source: Marketo developer guide, "Endpoint Reference",
 * https://developer.adobe.com/marketo-apis/api/mapi/ (lead database) and
 * https://developer.adobe.com/marketo-apis/api/asset/ (assets); "Bulk Lead Import" for imports.
 */
export const OPERATIONS = tableOf({
  syncLeads: {
    name: "sync leads", method: "POST", path: "/rest/v1/leads.json",
    permission: "Read-Write Lead", repetition: "ifNotExecuted", goesFirst: true,
  },
  findLeads: {
    name: "look leads up", method: "POST", path: "/rest/v1/leads.json?_method=GET",
    permission: "Read-Write Lead", repetition: "always", goesFirst: true,
  },
  getListsOfLead: {
    name: "get lists of lead", method: "GET", path: "/rest/v1/leads/{id}/listMembership.json",
    permission: "Read-Only Assets", repetition: "always",
  },
  getProgramsOfLead: {
    name: "get programs of lead", method: "GET", path: "/rest/v1/leads/{id}/programMembership.json",
    permission: "Read-Only Assets", repetition: "always",
  },
  describeLeads: {
    name: "describe leads", method: "GET", path: "/rest/v1/leads/describe2.json",
    permission: "Read-Write Lead", repetition: "always",
  },
  describeLeadsWithSoapNames: {
    name: "describe leads with SOAP names", method: "GET", path: "/rest/v1/leads/describe.json",
    permission: "Read-Write Lead", repetition: "always",
  },
  getPartitions: {
    name: "get partitions", method: "GET", path: "/rest/v1/leads/partitions.json",
    permission: "Read-Write Lead", repetition: "always",
  },
  addToList: {
    name: "add to list", method: "POST", path: "/rest/v1/lists/{id}/leads.json",
    permission: "Read-Write Lead", repetition: "always",
  },
  removeFromList: {
    name: "remove from list", method: "DELETE", path: "/rest/v1/lists/{id}/leads.json",
    permission: "Read-Write Lead", repetition: "always",
  },
  getListMembers: {
    name: "read list members", method: "GET", path: "/rest/v1/lists/{id}/leads.json",
    permission: "Read-Write Lead", repetition: "always",
  },
  getLists: {
    name: "get lists", method: "GET", path: "/rest/v1/lists.json",
    permission: "Read-Write Lead", repetition: "always",
  },
  findListAssets: {
    name: "find list", method: "GET", path: "/rest/asset/v1/staticList/byName.json",
    permission: "Read-Only Assets", repetition: "always",
  },
  findFolders: {
    name: "find folder", method: "GET", path: "/rest/asset/v1/folder/byName.json",
    permission: "Read-Only Assets", repetition: "always",
  },
  createList: {
    name: "create list", method: "POST", path: "/rest/asset/v1/staticLists.json",
    permission: "Read-Write Assets", repetition: "ifNotExecuted", needsOwnConnection: true,
  },
  requestCampaign: {
    name: "request campaign", method: "POST", path: "/rest/v1/campaigns/{id}/trigger.json",
    permission: "Execute Campaign", repetition: "ifNotExecuted", needsOwnConnection: true,
  },
  getCampaigns: {
    name: "get campaigns", method: "GET", path: "/rest/v1/campaigns.json",
    permission: "Read-Only Campaign", repetition: "always",
  },
  getSmartCampaigns: {
    name: "get smart campaigns", method: "GET", path: "/rest/asset/v1/smartCampaigns.json",
    permission: "Read-Only Assets", repetition: "always",
  },
  setProgramStatus: {
    name: "set program status", method: "POST", path: "/rest/v1/programs/{id}/members/status.json",
    permission: "Read-Write Lead", repetition: "always",
  },
  writeProgramFields: {
    name: "write program fields", method: "POST", path: "/rest/v1/programs/{id}/members.json",
    permission: "Read-Write Lead", repetition: "always",
  },
  describeProgramMembers: {
    name: "describe program members", method: "GET", path: "/rest/v1/programs/members/describe.json",
    permission: "Read-Write Lead", repetition: "always",
  },
  removeFromProgram: {
    name: "remove from program", method: "POST", path: "/rest/v1/programs/{id}/members/delete.json",
    permission: "Read-Write Lead", repetition: "always",
  },
  getProgram: {
    name: "get program", method: "GET", path: "/rest/asset/v1/program/{id}.json",
    permission: "Read-Only Assets", repetition: "always",
  },
  getPrograms: {
    name: "get programs", method: "GET", path: "/rest/asset/v1/programs.json",
    permission: "Read-Only Assets", repetition: "always",
  },
  findPrograms: {
    name: "find program", method: "GET", path: "/rest/asset/v1/program/byName.json",
    permission: "Read-Only Assets", repetition: "always",
  },
  findChannel: {
    name: "find channel", method: "GET", path: "/rest/asset/v1/channel/byName.json",
    permission: "Read-Only Assets", repetition: "always",
  },
  importLeads: {
    name: "import leads", method: "POST", path: "/bulk/v1/leads.json",
    permission: "Read-Write Lead", repetition: "ifNotExecuted", needsOwnConnection: true,
  },
  getImport: {
    name: "read import", method: "GET", path: "/bulk/v1/leads/batch/{id}.json",
    permission: "Read-Write Lead", repetition: "always", goesFirst: true,
  },
  getImportFailures: {
    name: "read import failures", method: "GET", path: "/bulk/v1/leads/batch/{id}/failures.json",
    permission: "Read-Write Lead", repetition: "always", goesFirst: true,
  },
  getImportWarnings: {
    name: "read import warnings", method: "GET", path: "/bulk/v1/leads/batch/{id}/warnings.json",
    permission: "Read-Write Lead", repetition: "always", goesFirst: true,
  },
  getUsage: {
    name: "read usage", method: "GET", path: "/rest/v1/stats/usage.json",
    repetition: "always",
  },
})
