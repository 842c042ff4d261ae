/** A condition without which a hub is not ready. */
export interface Check {
  /** A word for machines, such as `spool`. */
  name: string
  /**
   * Resolves with a sentence about what is missing, or with undefined if all is well. Anybody can read the sentence: it
   * names settings, but no directory, address or key.
   */
  problem: () => Promise<string | undefined>
}
