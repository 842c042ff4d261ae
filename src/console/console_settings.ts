import type { SettingsReader } from "../hub/settings"
import { standInAddress } from "./playground/stand_in_address"

/** Which of the pages for people are there. A page that is off has no address at all. */
export interface PagesSettings {
  /** `ACTION_HUB_CONSOLE`, default off: the page on which runs are watched. */
  hasConsole: boolean
  /** `ACTION_HUB_PLAYGROUND`, on in development mode: the page on which actions are tried without Looker. */
  hasPlayground: boolean
  /** `ACTION_HUB_PLAYGROUND_STAND_IN`: a stand-in on this machine whose changes the playground shows; mostly none. */
  standIn?: string
}

export interface ConsoleSettings extends PagesSettings {
  /** `ACTION_HUB_CONSOLE_REPORTS`, on by default: the console opens reports of rows. Never without the console. */
  opensReports: boolean
}

/** Reads the variables. In development mode both pages are there unless they are switched off. */
export function consoleSettings(reader: SettingsReader, isDevelopment: boolean): ConsoleSettings {
  const hasConsole = reader.flag("ACTION_HUB_CONSOLE", isDevelopment)
  const opensReports = reader.flag("ACTION_HUB_CONSOLE_REPORTS", true)
  return {
    hasConsole, opensReports: hasConsole && opensReports,
    hasPlayground: reader.flag("ACTION_HUB_PLAYGROUND", isDevelopment),
    standIn: standInAddress(reader),
  }
}
