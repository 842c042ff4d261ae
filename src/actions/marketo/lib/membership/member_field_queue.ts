import { LARGEST_BATCHES, MAX_BODY_BYTES } from "../configuration/limits"
import { laterOver, memberBytesOf } from "../report/lead"
import { MembershipLead } from "../report/outcomes"
import { LeadIdSet } from "./lead_id_set"

/**
 * The values for the members of one program that wait for their call. A lead's values are never on the way twice, so
 * those of its later rows are written last. Whoever could not be made a member gets none.
 */
export class MemberFieldQueue {
  /** Members whose values wait for a call to fill. */
  private ready = new Map<number, MembershipLead>()
  /** Leads whose membership, or whose earlier values, are on the way. */
  private readonly underWay = new Set<number>()
  /** Values that wait for these, by lead. */
  private readonly held = new Map<number, MembershipLead>()
  private readonly noMembers = new LeadIdSet()
  private readyBytes = 0
  private restBytes = 0

  constructor(private readonly batchSize = LARGEST_BATCHES.program) {}

  /** Leads whose values wait. */
  get waitingLeads(): number {
    return this.ready.size + this.held.size
  }

  /** Bytes of the values that wait or are on the way. */
  get heldBytes(): number {
    return this.readyBytes + this.restBytes
  }

  /** True if there are values for a full call. */
  get isFull(): boolean {
    return this.ready.size >= this.batchSize || this.readyBytes >= MAX_BODY_BYTES
  }

  /** Takes values of a lead that was handed to the program before. */
  add(lead: MembershipLead): void {
    if (this.noMembers.has(lead.leadId)) {
      return
    }
    if (this.underWay.has(lead.leadId)) {
      this.restBytes += put(this.held, lead)
    } else {
      this.readyBytes += put(this.ready, lead)
    }
  }

  /** Takes out the values that can be written now; they are on the way from here on. */
  take(): MembershipLead[] {
    const leads = [...this.ready.values()]
    this.ready = new Map()
    this.readyBytes = 0
    this.begin(leads)
    return leads
  }

  /** Leads are on their way to the program, with or without values. */
  begin(leads: MembershipLead[]): void {
    leads.forEach(({ leadId }) => this.underWay.add(leadId))
    this.restBytes += memberBytesOf(leads)
  }

  /** Leads could not be made members: what they have, or will have, for the program is not written. */
  refuse(leads: MembershipLead[]): void {
    for (const { leadId } of leads) {
      this.noMembers.add(leadId)
      this.restBytes -= memberBytesOf(this.heldOf(leadId))
      this.held.delete(leadId)
    }
  }

  /** What was on the way has its outcome: values that came meanwhile are next. */
  end(leads: MembershipLead[]): void {
    this.restBytes -= memberBytesOf(leads)
    for (const { leadId } of leads) {
      this.underWay.delete(leadId)
      for (const lead of this.heldOf(leadId)) {
        this.held.delete(leadId)
        this.restBytes -= memberBytesOf([lead])
        this.readyBytes += put(this.ready, lead)
      }
    }
  }

  /** Takes out all values that wait. */
  drain(): MembershipLead[] {
    const leads = [...this.ready.values(), ...this.held.values()]
    this.restBytes -= memberBytesOf([...this.held.values()])
    this.ready = new Map()
    this.held.clear()
    this.readyBytes = 0
    return leads
  }

  private heldOf(leadId: number): MembershipLead[] {
    const lead = this.held.get(leadId)
    return lead === undefined ? [] : [lead]
  }
}

/** Puts a lead among others, over what they have of it; returns by how many bytes their values have grown. */
export function put(leads: Map<number, MembershipLead>, lead: MembershipLead): number {
  const earlier = leads.get(lead.leadId)
  const both = earlier === undefined ? lead : {
    ...earlier, member: laterOver(earlier.member, lead.member), rows: (earlier.rows ?? []).concat(lead.rows ?? []),
  }
  leads.set(lead.leadId, both)
  return memberBytesOf([both]) - (earlier === undefined ? 0 : memberBytesOf([earlier]))
}
