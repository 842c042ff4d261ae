import * as Hub from "../../hub"

/**
 * The form's fields. Their names, and the names of the options, are stored in customers' schedules: Looker drops
 * stored values of fields that a form no longer has, so they never change.
 */
export function staticFormFields(): Hub.ActionFormField[] {
  return [
    {
      name: "lookupField",
      label: "Lead Lookup Field",
      description: "Marketo field to use when looking up leads to update",
      type: "string",
      default: "email",
      required: true,
    },
    {
      name: "subaction",
      label: "Additional Action",
      description: "Additional action to take",
      type: "select",
      required: true,
      default: "addCampaign",
      options: [
        { name: "addCampaign", label: "Update lead and add to below Campaign ID" },
        { name: "addList", label: "Update lead and add to below List ID" },
        { name: "removeList", label: "Update lead and remove from below List ID" },
        { name: "none", label: "None - Update lead only" },
      ],
    },
    {
      name: "campaignId",
      label: "Campaign/List ID for Additional Action",
      description: "Either a Campaign ID or a List ID, depending on above selection",
      type: "string",
      required: false,
    },
  ]
}
