import { FaultEffect } from "../calls/fault_effects"

/** Returns the result as a fault changes it: with another length, or with other elements. */
export function alteredResult(result: unknown[] | undefined, effect: FaultEffect | undefined): unknown[] | undefined {
  switch (effect?.kind) {
    case "resultLength":
      return resized(result ?? [], effect.difference)
    case "elements":
      return result?.map((element, index) => isMeant(index, result.length, effect.positions)
        ? "replaceWith" in effect ? effect.replaceWith : changed(element, effect.set, effect.remove) : element)
    default:
      return result
  }
}

/** Returns the envelope as a fault changes it. */
export function alteredEnvelope(envelope: object, effect: FaultEffect | undefined): object {
  return effect?.kind === "envelope" ? changed(envelope, effect.set, effect.remove) : envelope
}

function changed(from: unknown, set: Record<string, unknown> = {}, remove: string[] = []): object {
  const members = Object.entries({ ...(from as object | null), ...set })
  return Object.fromEntries(members.filter(([name]) => !remove.includes(name)))
}

function isMeant(index: number, length: number, positions: number[] | undefined): boolean {
  return positions === undefined || positions.includes(index) || positions.includes(index - length)
}

function resized(elements: unknown[], difference: number): unknown[] {
  return difference < 0
    ? elements.slice(0, Math.max(0, elements.length + difference))
    : [...elements, ...Array.from({ length: difference }, () => elements[elements.length - 1])]
}
