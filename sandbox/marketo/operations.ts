import { Operation } from "./api_reply"
import { CAMPAIGN_OPERATIONS } from "./campaigns"
import { DESCRIBE_OPERATIONS } from "./describe"
import { LIST_MEMBERSHIP_OPERATIONS } from "./list_membership"
import { SYNC_LEADS } from "./sync_leads"
import { USAGE_OPERATIONS } from "./usage"

/** Every operation the sandbox offers. */
export const OPERATIONS: Operation[] = [
  SYNC_LEADS,
  ...DESCRIBE_OPERATIONS,
  ...LIST_MEMBERSHIP_OPERATIONS,
  ...CAMPAIGN_OPERATIONS,
  ...USAGE_OPERATIONS,
]
