/**
 * The variables that the hub reads, without those of single actions. Each may also be given as `<name>_FILE`. Whatever
 * else begins with `ACTION_HUB_` is taken for a misspelt name.
 */
export const HUB_VARIABLES: readonly string[] = [
  "ACTION_HUB_ALERTS_PER_HOUR", "ACTION_HUB_ALERT_FORMAT", "ACTION_HUB_ALERT_ON", "ACTION_HUB_ALERT_SECRET",
  "ACTION_HUB_ALERT_URL", "ACTION_HUB_BASE_URL", "ACTION_HUB_BODIES_LIMIT_MB", "ACTION_HUB_BODY_LIMIT_MB",
  "ACTION_HUB_CONSOLE", "ACTION_HUB_CONSOLE_REPORTS", "ACTION_HUB_DEBUG", "ACTION_HUB_DEBUG_ENDPOINT",
  "ACTION_HUB_DEVELOPMENT",
  "ACTION_HUB_ENABLE_FORKING", "ACTION_HUB_EXECUTE_PROCESS_COUNT", "ACTION_HUB_EXECUTE_PROCESS_MEMORY_MB",
  "ACTION_HUB_EXECUTE_TIMEOUT_SECONDS", "ACTION_HUB_HOST", "ACTION_HUB_JSON_KEEPALIVE_SEC", "ACTION_HUB_LABEL",
  "ACTION_HUB_LOG_FORMAT", "ACTION_HUB_METRICS", "ACTION_HUB_METRICS_PORT", "ACTION_HUB_METRICS_TOKEN",
  "ACTION_HUB_PLAYGROUND", "ACTION_HUB_PLAYGROUND_STAND_IN", "ACTION_HUB_RAVEN_DSN", "ACTION_HUB_REDIS_PREFIX",
  "ACTION_HUB_REDIS_REQUIRED", "ACTION_HUB_REDIS_URL", "ACTION_HUB_REPORTS", "ACTION_HUB_REPORTS_ALL_ROWS",
  "ACTION_HUB_REPORTS_DAYS", "ACTION_HUB_REPORTS_LIMIT_MB", "ACTION_HUB_REPORT_LIMIT_MB", "ACTION_HUB_RUNS_PER_PROCESS",
  "ACTION_HUB_SECRET", "ACTION_HUB_SECRET_PREVIOUS", "ACTION_HUB_SHUTDOWN_DELAY_SECONDS",
  "ACTION_HUB_SHUTDOWN_GRACE_SECONDS", "ACTION_HUB_SOCKET_TIMEOUT", "ACTION_HUB_SPOOL", "ACTION_HUB_SPOOLS_LIMIT_MB",
  "ACTION_HUB_SPOOL_DIRECTORY", "ACTION_HUB_SPOOL_MAX_BYTES", "ACTION_HUB_SPOOL_MEMORY_BYTES",
  "ACTION_HUB_START_LIMIT_SECONDS", "ACTION_HUB_STATE_DIRECTORY", "ACTION_HUB_STOP_GRACE_SECONDS",
  "ACTION_HUB_STREAM_ALLOWED_HOSTS", "ACTION_HUB_STREAM_CONNECT_TIMEOUT", "ACTION_HUB_STREAM_FIRST_BYTE_TIMEOUT",
  "ACTION_HUB_STREAM_REQUEST_TIMEOUT", "ACTION_HUB_STREAM_TOTAL_TIMEOUT", "ACTION_HUB_STREAM_WAITING_ROWS_BYTES",
  "ACTION_HUB_TRUST_PROXY", "ACTION_HUB_UNRESPONSIVE_LIMIT_SECONDS", "ACTION_HUB_UNRESPONSIVE_SECONDS",
  "ACTION_WHITELIST", "CIPHER_MASTER", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "PORT",
]

/** What switches on the encryption of one OAuth action's tokens; the rest of the name is the action's. */
export const ENCRYPT_PAYLOAD = /^ENCRYPT_PAYLOAD(_.+)?$/

/** The ending of the name of a variable that names a file with the value of the variable before the ending. */
export const FILE_ENDING = "_FILE"

/**
 * Returns the variables of `environment` whose values are files' contents: those that end in `_FILE`, are not blank,
 * and are known without that ending. So variables that merely end like that, such as SSL_CERT_FILE, are not among them.
 * `ofActions`: variables of single actions.
 */
export function variablesInFiles(environment: NodeJS.ProcessEnv, ofActions: readonly string[] = []): string[] {
  return Object.keys(environment)
    .filter((name) => name.endsWith(FILE_ENDING) && (environment[name] ?? "").trim() !== "")
    .map((name) => name.slice(0, -FILE_ENDING.length))
    .filter((name) => HUB_VARIABLES.includes(name) || ENCRYPT_PAYLOAD.test(name) || ofActions.includes(name))
}
