import { Operation } from "../calls/api_reply"

export type RouteMatch =
  | { kind: "operation", operation: Operation, values: string[] }
  /** The path exists, but not with this method. */
  | { kind: "wrongMethod" }
  | { kind: "none" }

interface Route {
  operation: Operation
  pattern: RegExp
}

/** Finds the operation of a method and path; literal parts go before `{name}` parts. */
export class Routes {
  private readonly routes: Route[]
  /** Paths without values, for which no pattern needs to be tried. */
  private readonly literal = new Map<string, Operation>()

  constructor(operations: Operation[]) {
    for (const operation of operations.filter(({ path }) => !path.includes("{"))) {
      this.literal.set(`${operation.method} ${operation.path}`, operation)
    }
    this.routes = [...operations]
      .sort((one, other) => Number(one.path.includes("{")) - Number(other.path.includes("{")))
      .map((operation) => ({ operation, pattern: patternOf(operation.path) }))
  }

  find(method: string, path: string): RouteMatch {
    const literal = this.literal.get(`${method} ${path}`)
    if (literal) {
      return { kind: "operation", operation: literal, values: [] }
    }
    let pathExists = false
    for (const { operation, pattern } of this.routes) {
      const found = pattern.exec(path)
      if (found) {
        if (operation.method === method) {
          return { kind: "operation", operation, values: found.slice(1) }
        }
        pathExists = true
      }
    }
    return pathExists ? { kind: "wrongMethod" } : { kind: "none" }
  }
}

function patternOf(path: string): RegExp {
  const source = path.split(/\{\w+\}/).map((part) => part.replace(/[.]/g, "\\.")).join("([^/]+?)")
  return new RegExp(`^${source}$`)
}
