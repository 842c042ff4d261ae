import { sampleEmail } from "../looker/lead_rows"
import { StaticList } from "../marketo/instance/assets"
import { Store } from "../marketo/instance/store"

/** The content of the demo's Marketo instance before the run. */
export interface Scenario {
  list: Pick<StaticList, "id" | "name" | "members">
  /** Rows whose lead exists once, and is therefore updated. */
  knownRows: number
  /** Lookup values that two leads share, so Marketo cannot decide which one is meant. */
  ambiguousEmails: string[]
  /** Members of the list that are not in the query result at all. */
  otherMembers: number
  /** Members of the list that are in the query result. */
  memberRows: number
}

const KNOWN_EVERY = 3
const MEMBER_EVERY = 30
const OTHER_MEMBERS = 25
const LIST_NAME = "Demo: Spring Newsletter"

/**
 * Fills the instance for a result of `rowCount` sample people: every third one is a lead already, every thirtieth is a
 * member of the list, too, and two of them exist twice.
 */
export function prepareMarketo(store: Store, rowCount: number): Scenario {
  const list = store.addStaticList({ name: LIST_NAME })
  const ambiguousRows = [Math.floor(rowCount / 4), Math.floor(rowCount * 3 / 4)]
  const scenario: Scenario = {
    list,
    knownRows: 0,
    ambiguousEmails: ambiguousRows.map((row) => sampleEmail(row)),
    otherMembers: OTHER_MEMBERS,
    memberRows: 0,
  }
  for (const email of scenario.ambiguousEmails) {
    store.addLead({ email, lastName: "Imported in 2019" })
    store.addLead({ email, lastName: "Imported in 2021" })
  }
  for (let row = 0; row < rowCount; row += KNOWN_EVERY) {
    if (ambiguousRows.includes(row)) {
      continue
    }
    const lead = store.addLead({ email: sampleEmail(row), lastName: "Known before", leadScore: 1 })
    scenario.knownRows++
    if (row % MEMBER_EVERY === 0) {
      list.members.add(lead.id)
      scenario.memberRows++
    }
  }
  for (let index = 0; index < OTHER_MEMBERS; index++) {
    list.members.add(store.addLead({ email: `subscriber${index}@example.org` }).id)
  }
  return scenario
}
