/**
 * The parameters of a call, from its query and its form body. A parameter may be repeated and may hold a comma
 * list; Marketo takes both forms for ids, so `list` reads both.
 */
export class Parameters {
  private readonly values = new Map<string, string[]>()

  constructor(...encoded: string[]) {
    for (const text of encoded) {
      for (const [name, value] of new URLSearchParams(text)) {
        const known = this.values.get(name)
        if (known) {
          known.push(value)
        } else {
          this.values.set(name, [value])
        }
      }
    }
  }

  /** Returns the first value, or undefined if the parameter is absent or empty. */
  one(name: string): string | undefined {
    return this.values.get(name)?.[0] || undefined
  }

  /** Returns all values of a repeated and/or comma-separated parameter, without empty ones. */
  list(name: string): string[] {
    return (this.values.get(name) ?? []).flatMap((value) => value.split(",")).filter((value) => value !== "")
  }

  /** Returns the given parameters as one text, which binds a page token to the query it belongs to. */
  fingerprint(except: string[]): string {
    return [...this.values]
      .filter(([name]) => !except.includes(name))
      .map(([name, values]) => `${name}=${values.join(",")}`)
      .sort()
      .join("&")
  }
}
