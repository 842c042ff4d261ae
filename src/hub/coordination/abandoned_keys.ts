/** A lease, as far as it matters here. `until`: when it ends, in ms of `performance.now()`; Infinity if never. */
interface OwnedLease {
  owner: string
  until: number
}

/**
 * Returns the keys of an owner that is gone which stay held for `lingerMs`: all but those that it gave back with a
 * longer delay. `longestMs`: how long the last of all its leases lasts, 0 if it has none.
 */
export function abandonedKeys(
  held: Map<string, OwnedLease>, owner: string, lingerMs: number,
): { keys: string[], longestMs: number } {
  const now = performance.now()
  const keys: string[] = []
  let longestMs = 0
  held.forEach((lease, key) => {
    if (lease.owner === owner) {
      const isDelayed = lease.until !== Infinity && lease.until > now + lingerMs
      longestMs = Math.max(longestMs, isDelayed ? lease.until - now : lingerMs)
      if (!isDelayed) {
        keys.push(key)
      }
    }
  })
  return { keys, longestMs }
}
