/** The variables of the Marketo action. */
export const MARKETO_VARIABLES = [
  "MARKETO_ALLOWED_HOSTS", "MARKETO_CALLS_PER_20_SECONDS", "MARKETO_CONCURRENT_CALLS", "MARKETO_DAILY_QUOTA",
  "MARKETO_DAILY_RESERVE", "MARKETO_MESSAGE_JSON", "MARKETO_SANDBOX_SPEED",
  // The action gets these from Looker. Programs that ask an instance themselves read them.
  "MARKETO_CLIENT_ID", "MARKETO_CLIENT_SECRET", "MARKETO_URL",
]
