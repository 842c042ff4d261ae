import * as winston from "winston"

import { SettingsError } from "../hub/settings"
import { loadEnvironmentFile } from "../xpc/environment_file"
import { check } from "./check"
import { exitCodeFor, report } from "./finding"

/**
 * Checks the hub whose settings are in the environment or in the `.env` file of the working directory, and prints what
 * was found. Resolves with the exit code: 1 if something failed.
 */
export async function runCheck({ wantsTestAlert }: { wantsTestAlert: boolean }): Promise<0 | 1> {
  // The findings have all that there is to say.
  winston.configure({ transports: [] })
  try {
    loadEnvironmentFile()
  } catch (failure) {
    if (failure instanceof SettingsError) {
      process.stdout.write(report(failure.problems.map((text) => ({ verdict: "fail", subject: "Settings", text }))))
      return 1
    }
    throw failure
  }
  const isTerminal = Boolean(process.stdin.isTTY && process.stdout.isTTY)
  const findings = await check(process.env, { isTerminal, wantsTestAlert })
  process.stdout.write(report(findings))
  return exitCodeFor(findings)
}
