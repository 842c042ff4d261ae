import { Operation } from "../calls/api_reply"
import { BULK_OPERATIONS } from "./bulk_import"
import { BULK_PROGRAM_MEMBER_OPERATIONS } from "./bulk_program_members"
import { CAMPAIGN_OPERATIONS } from "./campaigns"
import { DESCRIBE_OPERATIONS } from "./describe"
import { FOLDER_OPERATIONS } from "./folders"
import { LEAD_MEMBERSHIP_OPERATIONS } from "./lead_memberships"
import { LEAD_OPERATIONS } from "./leads"
import { LIST_MEMBERSHIP_OPERATIONS } from "./list_membership"
import { LIST_OPERATIONS } from "./lists"
import { PARTITION_OPERATIONS } from "./partitions"
import { PROGRAM_MEMBER_OPERATIONS } from "./program_members"
import { PROGRAM_OPERATIONS } from "./programs"
import { SCHEMA_FIELD_OPERATIONS } from "./schema_fields"
import { SMART_CAMPAIGN_OPERATIONS } from "./smart_campaigns"
import { STATIC_LIST_OPERATIONS } from "./static_lists"
import { SYNC_LEADS } from "./sync_leads"
import { USAGE_OPERATIONS } from "./usage"

/** Every operation the sandbox offers. */
export const OPERATIONS: Operation[] = [
  SYNC_LEADS,
  ...LEAD_OPERATIONS,
  ...LEAD_MEMBERSHIP_OPERATIONS,
  ...DESCRIBE_OPERATIONS,
  ...SCHEMA_FIELD_OPERATIONS,
  ...LIST_MEMBERSHIP_OPERATIONS,
  ...LIST_OPERATIONS,
  ...STATIC_LIST_OPERATIONS,
  ...CAMPAIGN_OPERATIONS,
  ...SMART_CAMPAIGN_OPERATIONS,
  ...PROGRAM_OPERATIONS,
  ...FOLDER_OPERATIONS,
  ...PROGRAM_MEMBER_OPERATIONS,
  ...PARTITION_OPERATIONS,
  ...USAGE_OPERATIONS,
  ...BULK_OPERATIONS,
  ...BULK_PROGRAM_MEMBER_OPERATIONS,
]
