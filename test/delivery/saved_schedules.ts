import { MembershipChange } from "../../src/actions/marketo/lib/settings/membership_change"

/** Form parameters as Looker stored them with a schedule, and what they have always meant. */
export interface SavedSchedule {
  title: string
  formParams: { [name: string]: string }
  /** What a run changes beside the leads. */
  changes: MembershipChange[]
  /** What the form preselects as additional action. */
  subaction: string
  /** What the form says of the ids; absent when there is nothing to say. */
  names?: RegExp
}

/** A campaign request without tokens, as every schedule of the earlier action made it. */
function campaign(id: string): MembershipChange {
  return { kind: "requestCampaign", target: { id }, tokens: [] }
}

/** The ids are those of the Marketo sandbox's seed; 4711 and 99999 are in no instance. */
export const SAVED_SCHEDULES: SavedSchedule[] = [
  {
    title: "from before there was a choice, with one campaign",
    formParams: { lookupField: "email", campaignId: "2001" },
    changes: [campaign("2001")], subaction: "addCampaign", names: /^2001 is Welcome \(Nurture Stream\)\.$/,
  },
  {
    title: "from before there was a choice, with several campaigns",
    formParams: { lookupField: "email", campaignId: "2001,2002 , 2006" },
    changes: [campaign("2001"), campaign("2002"), campaign("2006")], subaction: "addCampaign",
    names: /2002 is Webinar Follow-up \(Spring Webinar\); 2006 is Once Per Person\.$/,
  },
  {
    title: "from before there was a choice, that only updates",
    formParams: { lookupField: "email", campaignId: "" },
    changes: [], subaction: "none",
  },
  {
    title: "from before there was a choice, that never had the field",
    formParams: { lookupField: "customerNumber" },
    changes: [], subaction: "none",
  },
  {
    title: "with a campaign",
    formParams: { lookupField: "email", subaction: "addCampaign", campaignId: "2001" },
    changes: [campaign("2001")], subaction: "addCampaign", names: /^2001 is Welcome/,
  },
  {
    title: "with campaigns, blanks and commas too many",
    formParams: { lookupField: "email", subaction: "addCampaign", campaignId: " 2001 , ,,2002, " },
    changes: [campaign("2001"), campaign("2002")], subaction: "addCampaign", names: /^2001 is Welcome.*; 2002 is /,
  },
  {
    title: "with a campaign that was switched off since",
    formParams: { lookupField: "email", subaction: "addCampaign", campaignId: "2003" },
    changes: [campaign("2003")], subaction: "addCampaign", names: /^2003 is Switched Off, which is not active in Marketo/,
  },
  {
    title: "with a list",
    formParams: { lookupField: "email", subaction: "addList", campaignId: "1001" },
    changes: [{ kind: "addToList", target: { id: "1001" } }], subaction: "addList", names: /^1001 is Newsletter\.$/,
  },
  {
    title: "with lists, one of which was deleted since",
    formParams: { lookupField: "id", subaction: "addList", campaignId: "1001,4711" },
    changes: [{ kind: "addToList", target: { id: "1001" } }, { kind: "addToList", target: { id: "4711" } }],
    subaction: "addList",
    names: /^1001 is Newsletter; 4711 is unknown: Marketo has no list with this ID/,
  },
  {
    title: "that removes from lists",
    formParams: { lookupField: "email", subaction: "removeList", campaignId: "1003, 1002" },
    changes: [{ kind: "removeFromList", target: { id: "1003" } }, { kind: "removeFromList", target: { id: "1002" } }],
    subaction: "removeList", names: /^1003 is Do Not Disturb; 1002 is Webinar Invitees \(Spring Webinar\)\.$/,
  },
  {
    title: "that updates only",
    formParams: { lookupField: "legacyId", subaction: "none", campaignId: "" },
    changes: [], subaction: "none",
  },
  {
    title: "that updates only, without the field of ids",
    formParams: { lookupField: "email", subaction: "none" },
    changes: [], subaction: "none",
  },
  {
    title: "with a lookup field that the instance no longer searches by",
    formParams: { lookupField: "formerCustomerCode", subaction: "addList", campaignId: "1005" },
    changes: [{ kind: "addToList", target: { id: "1005" } }], subaction: "addList", names: /^1005 is Empty, for trying out\.$/,
  },
  {
    title: "with an id in the style of Marketo's addresses",
    formParams: { lookupField: "email", subaction: "addCampaign", campaignId: "#SC2002B2" },
    changes: [campaign("2002")], subaction: "addCampaign", names: /^2002 is Webinar Follow-up/,
  },
  {
    title: "with Looker's own entries among the values",
    formParams: {
      lookupField: "email", subaction: "addList", campaignId: "99999", format: "json_detail_lite_stream",
      __DIGISPOT_FORMATTING: "unformatted",
    },
    changes: [{ kind: "addToList", target: { id: "99999" } }], subaction: "addList", names: /^99999 is unknown/,
  },
]
