import * as dotenv from "dotenv"

/**
 * Takes variables that are not set from the file `.env` in the working directory, if there is one. Silently: newer
 * versions of the library would announce themselves on the console, and older ones do not know that they could.
 */
export function loadEnvironmentFile(): void {
  const options = { path: ".env", quiet: true }
  dotenv.config(options)
}
