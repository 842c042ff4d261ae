import { TargetKind } from "../api/types"
import { NamedTarget } from "./named_targets"

/** One entry of a select field. */
export interface Option {
  name: string
  label: string
}

/** Most targets that a select field offers; a longer one is slow to open and of no help. */
export const MOST_OPTIONS = 200

/** The usual names for several of a kind. */
export const PLURAL: { [kind in TargetKind]: string } = {
  list: "static lists",
  campaign: "campaigns",
  program: "programs",
}

/** Returns a target's name for a sentence: `Webinar Invitees (Spring Webinar)`. */
export function fullName(target: NamedTarget): string {
  return target.place === "" ? target.name : `${target.name} (${target.place})`
}

/** Returns a target's name among others, some of which may have the same name. */
export function optionLabel(target: NamedTarget): string {
  return `${fullName(target)}, ID ${target.id}`
}

/**
 * Returns what the form stores for a target; the kind keeps it from being taken for something else of the same number.
 */
export function optionName(target: { kind: TargetKind, id: string }): string {
  return `${target.kind}:${target.id}`
}

/** Sorts the newest first; of those changed at the same time, the one made last. */
export function newestFirst(targets: NamedTarget[]): NamedTarget[] {
  return [...targets].sort((one, other) => one.changedAt === other.changedAt ?
    Number(other.id) - Number(one.id) : other.changedAt - one.changedAt)
}

/** Returns the targets whose name, place or id has every word of the filter; upper and lower case are the same. */
export function matching(targets: NamedTarget[], filter: string): NamedTarget[] {
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== "")
  return words.length === 0 ? targets : targets.filter((target) => {
    const label = optionLabel(target).toLowerCase()
    return words.every((word) => label.includes(word))
  })
}

/** Puts the target that has exactly this name before those that only have it as a part. */
export function exactFirst(targets: NamedTarget[], filter: string): NamedTarget[] {
  const wanted = filter.trim().toLowerCase()
  const isExact = (target: NamedTarget) => target.name.toLowerCase() === wanted
  return targets.filter(isExact).concat(targets.filter((target) => !isExact(target)))
}
