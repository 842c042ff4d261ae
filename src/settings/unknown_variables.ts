import { distance } from "fastest-levenshtein"

import { FILE_ENDING, HUB_VARIABLES } from "../hub/known_variables"

/** Names that begin so are settings of the hub or of its actions, or are meant to be. */
const OURS = /^(ACTION_HUB|MARKETO)_/

/**
 * Variables that Kubernetes and linked containers make of a service named `action-hub`, `action-hub-redis` or
 * `marketo-...`. Source: https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 */
const OF_A_SERVICE = /_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/
const ADDRESS_OF_A_SERVICE = /^(tcp|udp|sctp):\/\//

/** What is shared by many names says little of which one was meant. */
const FAMILY = /^(ACTION_HUB_|MARKETO_|ACTION_)?/

/** A name of the other family is meant less often. */
const OTHER_FAMILY_EDITS = 2

/** Most names that are suggested for one. */
const MOST_SUGGESTIONS = 3

/**
 * Returns a sentence for each variable that looks like a setting and is none, with the name that was probably meant.
 * Blank ones set nothing and are passed over. `ofActions`: the variables that actions read.
 */
export function unknownVariableProblems(environment: NodeJS.ProcessEnv, ofActions: readonly string[]): string[] {
  const known = [...HUB_VARIABLES, ...ofActions]
  return Object.entries(environment)
    .filter(([name, value]) => OURS.test(name) && (value ?? "").trim() !== "" && !isOfAService(name, value ?? ""))
    .filter(([name]) => !known.includes(withoutFileEnding(name)) && !known.includes(name))
    .map(([name]) => {
      const ending = name.endsWith(FILE_ENDING) ? FILE_ENDING : ""
      const meant = closestNames(withoutFileEnding(name), known).map((each) => `${each}${ending}`)
      const remedy = meant.length > 0 ? `did you mean ${meant.join(" or ")}?` :
        "unset it (if an action of yours reads it, name it in src/actions/setting_checks.ts)"
      return `${name} is not a setting of this hub: ${remedy}`
    })
}

/** Returns those of the names that a misspelt one may stand for, at most three, all equally close. */
export function closestNames(misspelt: string, known: readonly string[]): string[] {
  const key = distinctPart(misspelt)
  // A third of the characters may differ: beyond that, any other name is as likely.
  const most = Math.max(1, Math.floor(key.length / 3))
  const rated = known.map((name) => ({ name, edits: editsBetween(misspelt, name, most) }))
  const least = Math.min(...rated.map(({ edits }) => edits))
  return least > most ? [] :
    rated.filter(({ edits }) => edits === least).map(({ name }) => name).slice(0, MOST_SUGGESTIONS)
}

/** One that is a beginning or an end of the other, in whole words, is as far as any name that is still suggested. */
function editsBetween(misspelt: string, name: string, most: number): number {
  const [one, other] = [distinctPart(misspelt), distinctPart(name)]
  const edits = distance(one, other) + (isOfAnotherFamily(misspelt, name) ? OTHER_FAMILY_EDITS : 0)
  const isPart = [[one, other], [other, one]].some(([part, whole]) =>
    whole.startsWith(`${part}_`) || whole.endsWith(`_${part}`) || part.length >= 4 && whole.startsWith(part))
  return isPart ? Math.min(edits, most) : edits
}

function isOfAnotherFamily(misspelt: string, name: string): boolean {
  const families = [misspelt, name].map((each) => /^(ACTION_HUB_|MARKETO_)/.exec(each)?.[0])
  return families[1] !== undefined && families[0] !== families[1]
}

function distinctPart(name: string): string {
  return name.toUpperCase().replace(FAMILY, "")
}

function withoutFileEnding(name: string): string {
  return name.endsWith(FILE_ENDING) ? name.slice(0, -FILE_ENDING.length) : name
}

function isOfAService(name: string, value: string): boolean {
  return OF_A_SERVICE.test(name) || name.endsWith("_PORT") && ADDRESS_OF_A_SERVICE.test(value)
}
