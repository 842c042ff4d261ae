import { ProgressionStatus } from "./assets"
import { Store } from "./store"

const SEEDED_AT = Date.parse("2026-01-05T09:00:00Z")
const FIRST_NAMES = ["Ana", "Bo", "Chen", "Dina", "Emre", "Fay", "Goran", "Hana", "Ivo", "Jun", "Kaya", "Leo", "Mina",
  "Noor", "Ole", "Pia", "Quinn", "Rosa", "Sami", "Tara", "Uma", "Vito", "Wim", "Xia", "Yara", "Zeno"]

/** Ids of the seeded assets; they never change. */
export const SEEDED = {
  lists: { newsletter: 1001, webinarInvitees: 1002, doNotDisturb: 1003, customersEmea: 1004, empty: 1005 },
  campaigns: { welcome: 2001, followUp: 2002, inactive: 2003, notRequestable: 2004, batch: 2005, onceOnly: 2006,
    emea: 2007 },
  programs: { webinar: 3001, nurture: 3002, operational: 3003, emailBlast: 3004, emea: 3005 },
  channels: { webinar: 4001, nurture: 4002, operational: 4003, email: 4004 },
  folders: { events: 21, emea: 22 },
  /** Leads 50001 to 50026 are unique; two share each of these addresses. */
  duplicateEmails: ["twin@example.com", "double@example.com", "test@test.com"],
} as const

/**
 * Seeds the documented default instance: 32 leads of which three pairs share an e-mail address, five static lists,
 * seven campaigns, five programs with four channels, two workspaces and two partitions. `listCount` is the total number
 * of lists to reach with numbered ones (from id 100001).
 */
export function seedDefault(store: Store, listCount = 0) {
  const dates = { createdAt: SEEDED_AT, updatedAt: SEEDED_AT }
  store.addWorkspace("EMEA")
  store.addPartition("EMEA", "People of the EMEA region")
  store.addFolder({ id: SEEDED.folders.events, name: "Events", parentId: 11, ...dates })
  store.addFolder({ id: SEEDED.folders.emea, name: "EMEA Activities", parentId: 11, workspace: "EMEA", ...dates })
  seedChannels(store)
  seedPrograms(store, dates)
  seedCampaigns(store, dates)
  seedLists(store, dates)
  seedLeads(store)
  for (let number = store.lists.size + 1; number <= listCount; number++) {
    store.addStaticList({ id: 100_000 + number, name: `List ${String(number).padStart(5, "0")}`, ...dates })
  }
}

function seedLeads(store: Store) {
  FIRST_NAMES.forEach((firstName, index) => {
    store.addLead({ email: `${firstName.toLowerCase()}@example.com`, firstName, lastName: "Seed",
      customerNumber: `C-${1000 + index}`, legacyId: 9000 + index, leadScore: index },
    { createdAt: SEEDED_AT + index * 1000, partition: index >= 24 ? "EMEA" : "Default" })
  })
  for (const email of SEEDED.duplicateEmails) {
    store.addLead({ email, firstName: "First", lastName: "Duplicate" }, { createdAt: SEEDED_AT })
    store.addLead({ email, firstName: "Second", lastName: "Duplicate" }, { createdAt: SEEDED_AT + 60_000 })
  }
  const ids = [...store.leads.all()].map((lead) => lead.id)
  ids.slice(0, 10).forEach((id) => store.lists.get(SEEDED.lists.newsletter)?.members.add(id))
  ids.slice(5, 8).forEach((id) => store.lists.get(SEEDED.lists.doNotDisturb)?.members.add(id))
  store.programs.get(SEEDED.programs.webinar)?.members.set(ids[0], { statusName: "Registered", step: 20,
    reachedSuccess: false, membershipDate: SEEDED_AT, updatedAt: SEEDED_AT, values: {} })
}

interface Dates {
  createdAt: number
  updatedAt: number
}

function seedLists(store: Store, dates: Dates) {
  const { newsletter, webinarInvitees, doNotDisturb, customersEmea, empty } = SEEDED.lists
  store.addStaticList({ id: newsletter, name: "Newsletter", description: "Monthly newsletter readers", ...dates })
  store.addStaticList({ id: webinarInvitees, name: "Webinar Invitees", programName: "Spring Webinar",
    folderId: SEEDED.folders.events, ...dates })
  store.addStaticList({ id: doNotDisturb, name: "Do Not Disturb", ...dates })
  store.addStaticList({ id: customersEmea, name: "Customers EMEA", workspace: "EMEA",
    folderId: SEEDED.folders.emea, ...dates })
  store.addStaticList({ id: empty, name: "Empty, for trying out", ...dates })
}

function seedCampaigns(store: Store, dates: Dates) {
  const { welcome, followUp, inactive, notRequestable, batch, onceOnly, emea } = SEEDED.campaigns
  store.addCampaign({ id: welcome, name: "Welcome", description: "Sends the welcome e-mail",
    programId: SEEDED.programs.nurture, ...dates })
  store.addCampaign({ id: followUp, name: "Webinar Follow-up", programId: SEEDED.programs.webinar, ...dates })
  store.addCampaign({ id: inactive, name: "Switched Off", active: false, ...dates })
  store.addCampaign({ id: notRequestable, name: "Fills Out Form", requestable: false, ...dates })
  store.addCampaign({ id: batch, name: "Monthly Batch", type: "batch", active: false, ...dates })
  store.addCampaign({ id: onceOnly, name: "Once Per Person", qualificationRuleType: "once", ...dates })
  store.addCampaign({ id: emea, name: "Welcome EMEA", workspace: "EMEA", programId: SEEDED.programs.emea,
    folderId: SEEDED.folders.emea, ...dates })
}

function seedPrograms(store: Store, dates: Dates) {
  const { webinar, nurture, operational, emailBlast, emea } = SEEDED.programs
  store.addProgram({ id: webinar, name: "Spring Webinar", type: "Event", channel: "Webinar",
    folderId: SEEDED.folders.events, ...dates })
  store.addProgram({ id: nurture, name: "Nurture Stream", type: "Engagement", channel: "Nurture", status: "on",
    ...dates })
  store.addProgram({ id: operational, name: "Data Care", channel: "Operational", ...dates })
  store.addProgram({ id: emailBlast, name: "April E-mail", type: "Email", channel: "Email Send", ...dates })
  store.addProgram({ id: emea, name: "EMEA Onboarding", channel: "Operational", workspace: "EMEA",
    folderId: SEEDED.folders.emea, ...dates })
}

function seedChannels(store: Store) {
  const { webinar, nurture, operational, email } = SEEDED.channels
  store.addChannel({ id: webinar, name: "Webinar", applicableProgramType: "event", statuses: [
    status("Not in Program", 0), status("Invited", 10), status("Registered", 20), status("Waitlisted", 30, "hidden"),
    status("No Show", 40), status("Attended", 50, "success"),
  ] })
  store.addChannel({ id: nurture, name: "Nurture", applicableProgramType: "nurture", statuses: [
    status("Not in Program", 0), status("Member", 10), status("Influenced", 20, "success"),
  ] })
  store.addChannel({ id: operational, name: "Operational", applicableProgramType: "program", statuses: [
    status("Not in Program", 0), status("Member", 10, "success"),
  ] })
  store.addChannel({ id: email, name: "Email Send", applicableProgramType: "email", statuses: [
    status("Not in Program", 0), status("Sent", 10), status("Opened", 20), status("Clicked", 30, "success"),
  ] })
}

function status(name: string, step: number, mark?: "success" | "hidden"): ProgressionStatus {
  return { name, step, success: mark === "success", hidden: mark === "hidden" }
}
