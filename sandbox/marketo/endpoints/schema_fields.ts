import { ApiError, Call, Operation, World } from "../calls/api_reply"
import { CustomService } from "../setup/custom_services"
import { FieldDefinition } from "../setup/field_schema"
import { PAGE_OF_300, pageOf } from "./paging"

/** The lead fields with their full metadata. A user sees those for which its role has the permission. */
export const SCHEMA_FIELD_OPERATIONS: Operation[] = [
  operation("leadSchemaFields", "/rest/v1/leads/schema/fields.json", (call, world) => {
    const page = pageOf(call, world, PAGE_OF_300, "always")
    return { commit: () => page(visibleFields(call.service, world).map(schemaEntry)) }
  }),
  operation("leadSchemaField", "/rest/v1/leads/schema/fields/{fieldApiName}.json", (call, world) => {
    const field = fieldNamed(call, world)
    return { commit: () => ({ result: [schemaEntry(field)] }) }
  }),
]

function operation(name: string, path: string, begin: Operation["begin"]): Operation {
  return { name, method: "GET", path, family: "leadDatabase", latency: "read",
    permissions: ["Read-Write Schema Standard Field", "Read-Write Schema Custom Field"], body: "none", begin }
}

function fieldNamed(call: Call, world: World): FieldDefinition {
  const [restName] = call.pathValues
  const field = visibleFields(call.service, world).find((one) => one.restName === restName)
  if (!field) {
    throw new ApiError("1006", `Field '${restName}' not found`)
  }
  return field
}

/** Returns standard fields for one permission, custom ones for the other. */
function visibleFields({ permissions }: CustomService, { store }: World): FieldDefinition[] {
  return store.schema.fields.filter((field) => field.restName !== undefined && permissions.includes(
    field.custom ? "Read-Write Schema Custom Field" : "Read-Write Schema Standard Field"))
}

function schemaEntry(field: FieldDefinition): object {
  const { restName, displayName, description, dataType, length, custom = false } = field
  return {
    displayName, name: restName, description: description ?? null,
    dataType: dataType === "score" ? "integer" : dataType,
    ...(length === undefined ? {} : { length }), isHidden: false, isHtmlEncodingInEmail: length !== undefined,
    isSensitive: false, isCustom: custom, isApiCreated: false,
  }
}
