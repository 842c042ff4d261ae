import * as Hub from "../../../../hub"
import { ALLOWED_TARGETS, NOT_ALLOWED } from "./restrictions"

/** The settings that an administrator of Looker makes once for each action that sends to Marketo. */
export const CONNECTION_PARAMS: Hub.ActionParameter[] = [
  {
    name: "url",
    label: "URL",
    required: true,
    sensitive: false,
    description: "The REST endpoint of your Marketo instance, such as https://123-ABC-456.mktorest.com. In " +
      "Marketo: Admin > Integration > Web Services, REST API, Endpoint. Your Munchkin ID alone will do, too.",
  },
  {
    name: "clientID",
    label: "Client ID",
    required: true,
    sensitive: false,
    description: "The Client ID of the custom service for Looker, such as 8a2f6c1e-0b5d-4c3e-9f1a-2d7b6e4c8a90. In " +
      "Marketo: Admin > Integration > LaunchPoint, View Details.",
  },
  {
    name: "clientSecret",
    label: "Client Secret",
    required: true,
    sensitive: true,
    description: "The Client Secret of the same custom service. It is shown beside the Client ID.",
  },
  {
    ...ALLOWED_TARGETS,
    required: false,
    sensitive: false,
    description: "Optional. Addresses as Marketo shows them, or their ends, such as ST1001A1, SC2001B2, PG3001A1, " +
      "separated by commas: leads can then be sent to these alone, and forms show no others. Blank: to all.",
  },
  {
    ...NOT_ALLOWED,
    required: false,
    sensitive: false,
    description: "Optional. What sends may not do: create (leads), remove (from lists and programs), mirror " +
      "(lists), separated by commas. Blank: all is allowed.",
  },
  {
    name: "sender",
    label: "Sender",
    required: false,
    sensitive: false,
    user_attribute_name: "email",
    description: "Optional. Bind it to the user attribute Email: the hub's log and its records of runs then name " +
      "who sent. Leave it empty to keep names out of them.",
  },
]
