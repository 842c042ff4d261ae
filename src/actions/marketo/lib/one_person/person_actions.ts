import { AdditionalAction } from "../settings/run_settings"

/** What can be done with one person. Mirroring a list would remove everybody else. */
export const PERSON_ACTIONS: readonly AdditionalAction[] =
  ["addList", "removeList", "addCampaign", "addProgram", "removeProgram"]
