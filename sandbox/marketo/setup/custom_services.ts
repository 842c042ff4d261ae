/** The permissions of the "Access API" group that the sandbox's operations require. */
export type Permission =
  | "Read-Only Lead" | "Read-Write Lead"
  | "Read-Only Campaign" | "Read-Write Campaign" | "Execute Campaign" | "Activate Campaign" | "Deactivate Campaign"
  | "Read-Only Assets" | "Read-Write Assets"
  | "Read-Write Schema Standard Field" | "Read-Write Schema Custom Field"

export const ALL_PERMISSIONS: readonly Permission[] = [
  "Read-Only Lead", "Read-Write Lead",
  "Read-Only Campaign", "Read-Write Campaign", "Execute Campaign", "Activate Campaign", "Deactivate Campaign",
  "Read-Only Assets", "Read-Write Assets",
  "Read-Write Schema Standard Field", "Read-Write Schema Custom Field",
]

/** An API credential and the scope of its API-only user. */
export interface CustomService {
  clientId: string
  clientSecret: string
  /** E-mail of the API-only user; the `scope` of its tokens and the key of its usage. */
  user: string
  permissions: readonly Permission[]
  /** Names of the workspaces whose assets it sees; undefined: all. */
  workspaces: readonly string[] | undefined
  /** Names of the partitions whose leads it sees; undefined: all. */
  partitions: readonly string[] | undefined
}

export const DEFAULT_SERVICE: CustomService = {
  clientId: "sandbox-client-id",
  clientSecret: "sandbox-client-secret",
  user: "looker-hub@example.com",
  permissions: ALL_PERMISSIONS,
  workspaces: undefined,
  partitions: undefined,
}

/** Completes the members that a test left out. The second and later services get numbered credentials. */
export function completeServices(wanted: Partial<CustomService>[] | undefined): CustomService[] {
  const services = wanted?.length ? wanted : [{}]
  return services.map((service, index) => {
    const suffix = index === 0 ? "" : `-${index + 1}`
    return {
      ...DEFAULT_SERVICE,
      clientId: DEFAULT_SERVICE.clientId + suffix,
      clientSecret: DEFAULT_SERVICE.clientSecret + suffix,
      user: index === 0 ? DEFAULT_SERVICE.user : `api-user-${index + 1}@example.com`,
      ...service,
    }
  })
}

/** Returns true if the service's user may see an asset of that workspace. */
export function seesWorkspace(service: CustomService, workspace: string): boolean {
  return service.workspaces === undefined || service.workspaces.includes(workspace)
}
