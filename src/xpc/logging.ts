import * as winston from "winston"

/** Writes the log to the console with timestamps. `ACTION_HUB_DEBUG`, set to anything, adds the debug level. */
export function configureLogging(): void {
  winston.configure({
    level: process.env.ACTION_HUB_DEBUG ? "debug" : "info",
    transports: [new winston.transports.Console({ timestamp: true })],
  })
}
