/** What an instance's REST endpoint looks like, for texts that explain what to fill in. */
export const EXAMPLE_ENDPOINT = "https://123-ABC-456.mktorest.com"
