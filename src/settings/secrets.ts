import type { SettingsReader } from "../hub/settings"
import type { HubIdentity } from "../server/server_settings"

/** Fewest characters of a secret. Who has one token of a shorter one may find it by trying, and make more tokens. */
export const FEWEST_CHARACTERS = 32

const HOW_TO_MAKE_ONE = "a long random text, such as the output of: openssl rand -hex 32"

/**
 * Checks the secrets that tokens are made with. The older one may be short, since only so can a hub with a short secret
 * be given another. No secret is repeated.
 */
export function checkSecrets(reader: SettingsReader, { secret, previousSecret }: HubIdentity): void {
  const isTrial = reader.flag("ACTION_HUB_DEVELOPMENT", false) && reader.text("NODE_ENV") !== "production"
  if (secret !== "" && secret.length < FEWEST_CHARACTERS && !isTrial) {
    const present = previousSecret !== undefined ? "" :
      ". So that tokens which Looker has stay valid meanwhile, set ACTION_HUB_SECRET_PREVIOUS to the present one"
    reader.problems.push(`ACTION_HUB_SECRET has fewer than ${FEWEST_CHARACTERS} characters: ` +
      `set ${HOW_TO_MAKE_ONE}${present}`)
  }
  if (previousSecret !== undefined && previousSecret === secret) {
    reader.problems.push("ACTION_HUB_SECRET_PREVIOUS is the same as ACTION_HUB_SECRET: " +
      `set ACTION_HUB_SECRET to ${HOW_TO_MAKE_ONE}, or unset ACTION_HUB_SECRET_PREVIOUS`)
  }
}

/** Checks the key of OAuth actions, which may be missing. */
export function checkCipherKey(reader: SettingsReader): void {
  const key = reader.text("CIPHER_MASTER")
  if (key !== undefined && !/^[0-9a-f]{64}$/i.test(key)) {
    reader.problems.push("CIPHER_MASTER is not a key of 32 bytes: set 64 hexadecimal digits, " +
      "such as the output of: openssl rand -hex 32")
  }
}
