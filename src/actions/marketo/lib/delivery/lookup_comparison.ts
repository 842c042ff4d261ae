/** When two lookup values belong to one lead in Marketo. */
export interface LookupComparison {
  /** Leads with equal keys are kept apart in time. Values with equal identities have equal keys. */
  reservation(lookupValue: string): string
  /** Rows with equal keys become one lead. */
  identity(lookupValue: string): string
}

/**
 * E-mail addresses are compared without regard to case. No document says whether Marketo does the same; addresses that
 * differ in case alone belong to one mailbox in practice, so this is the choice that creates nobody twice.
 */
export const EMAIL_COMPARISON: LookupComparison = {
  reservation: folded,
  identity: (lookupValue) => lookupValue.trim().toLowerCase(),
}

/**
 * It is not documented whether Marketo regards case in other fields. Values that differ in case alone stay two leads,
 * but are never on the way at once: right in both cases.
 */
export const TEXT_COMPARISON: LookupComparison = {
  reservation: folded,
  identity: (lookupValue) => lookupValue.trim(),
}

/** How the values of a lookup field are compared. */
export function comparisonFor(lookupField: string): LookupComparison {
  return lookupField === "email" ? EMAIL_COMPARISON : TEXT_COMPARISON
}

const BEYOND_ASCII = /[\u0080-\uffff]/
const INVISIBLE = /[\p{Mark}\p{Default_Ignorable_Code_Point}]/gu

/**
 * Equal for all texts that a database may take for equal: those that differ in case, width, ligatures, accents, or in
 * characters without a width. To take too many for equal costs a little time; one too few may cost a duplicate.
 */
function folded(text: string): string {
  if (!BEYOND_ASCII.test(text)) {
    return text.trim().toLowerCase()
  }
  // By upper case, since "ß" and "ſ" have no lower case that equals that of "SS" and "S"; and before the accents are
  // removed, since a Greek one becomes a letter in upper case.
  return text.normalize("NFKD").toLowerCase().toUpperCase()
    .normalize("NFKD").replace(INVISIBLE, "").toLowerCase().trim()
}
