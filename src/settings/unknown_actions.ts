import { closestNames } from "./unknown_variables"

/** Says which names of the whitelist no action has, since their actions would be missing without a message. */
export function unknownActionsWarning(whitelist: string[], known: string[]): string | undefined {
  const unknown = whitelist.filter((name) => !known.includes(name))
  if (unknown.length === 0) {
    return undefined
  }
  const meant = unknown.flatMap((name) => closestNames(name, known))
  return `ACTION_WHITELIST names actions that this hub does not have: ${unknown.join(", ")}. ` +
    `It has ${known.join(", ")}.${meant.length === 0 ? "" : ` Did you mean ${meant.join(" or ")}?`}`
}
