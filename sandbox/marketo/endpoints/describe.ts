import { Operation, World } from "../calls/api_reply"
import { FieldDefinition } from "../setup/field_schema"

export const DESCRIBE_OPERATIONS: Operation[] = [
  {
    name: "describeLeads", method: "GET", path: "/rest/v1/leads/describe.json", family: "leadDatabase",
    latency: "read", permissions: ["Read-Only Lead", "Read-Write Lead"], body: "none",
    begin: (_call, { store }) => ({ commit: () => ({ result: store.schema.fields.map(describeEntry) }) }),
  },
  {
    name: "describeLeads2", method: "GET", path: "/rest/v1/leads/describe2.json", family: "leadDatabase",
    latency: "read", permissions: ["Read-Only Lead", "Read-Write Lead"], body: "none",
    begin: (_call, world) => ({ commit: () => ({ result: [describe2Entry(world)] }) }),
  },
]

function describeEntry(field: FieldDefinition): object {
  const { describeId, displayName, dataType, length, restName, soapName, readOnly = false } = field
  return {
    id: describeId, displayName, dataType: dataType === "score" ? "integer" : dataType,
    ...(length === undefined ? {} : { length }),
    ...(restName === undefined ? {} : { rest: { name: restName, readOnly } }),
    ...(soapName === undefined ? {} : { soap: { name: soapName, readOnly } }),
  }
}

function describe2Entry(world: World): object {
  return {
    name: "API Lead",
    searchableFields: world.store.schema.searchable().map((field) => [field.restName]),
    fields: restFields(world).map((field) => describe2Field(field, world)),
  }
}

function describe2Field(field: FieldDefinition, { store }: World): object {
  const { restName, displayName, dataType, length, readOnly = false } = field
  return {
    name: restName, displayName, dataType: dataType === "score" ? "integer" : dataType,
    ...(length === undefined ? {} : { length }), updateable: !readOnly, crmManaged: store.schema.isCrmManaged(field),
  }
}

function restFields({ store }: World): FieldDefinition[] {
  return store.schema.fields.filter((field) => field.restName !== undefined)
}
