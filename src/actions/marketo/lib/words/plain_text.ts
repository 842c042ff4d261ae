/** Longest text that is shown as a name, in characters. */
const LONGEST_NAME = 100

/** Control characters, breaks of lines, halves of characters, and what turns the direction of writing. */
const NOT_PLAIN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu

/**
 * Returns a text from outside as a single line without markup, of `most` characters at most. People fill in their names
 * in web forms themselves, and no document says whether Looker shows the texts of a form as HTML. So `<` and `>` become
 * signs that look like them, and NOT_PLAIN a blank.
 */
export function plainText(text: string, most = LONGEST_NAME): string {
  // A character takes two units at most. No more of a long text is looked at.
  const characters = [...text.slice(0, 2 * most + 2)]
  const line = characters.slice(0, most).join("").replace(NOT_PLAIN, " ").replace(/</g, "‹")
    .replace(/>/g, "›").trim()
  return characters.length > most ? `${line}…` : line
}
