import * as fs from "fs"

/**
 * Says why the hub cannot keep files in the directory that the variable names, and what to set; undefined if it can.
 * The hub does not make the directory: a volume that is missing would then go unnoticed, and the files with it.
 */
export function directoryProblem(variable: string, directory: string): string | undefined {
  const is = `${variable} is "${directory}", which`
  try {
    if (!fs.statSync(directory).isDirectory()) {
      return `${is} is not a directory: set one that the hub may write to`
    }
    fs.accessSync(directory, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK)
    return undefined
  } catch (failure) {
    const { code, message } = failure as NodeJS.ErrnoException
    switch (code) {
      case "ENOENT":
        return `${is} does not exist: create it, or set another directory`
      case "EACCES":
      case "EROFS":
      case "EPERM":
        return `${is} the hub may not write to (${code}): give its user the right to, or set another directory`
      default:
        return `${is} cannot be used (${code ?? message}): set another directory`
    }
  }
}
