import * as fs from "fs"
import * as path from "path"

import { PROJECT_FOLDER } from "../server/project_folder"

/** The bundled front end, read once: what the browser loads, by its name. */
export class WebFiles {
  private readonly files = new Map<string, Buffer>()

  /** Throws if it was not built: a page that stays blank helps nobody. */
  constructor(folder = path.join(PROJECT_FOLDER, "lib", "web")) {
    const names = fs.existsSync(folder) ? fs.readdirSync(folder) : []
    for (const name of names.filter((each) => /\.(js|css)$/.test(each))) {
      this.files.set(name, fs.readFileSync(path.join(folder, name)))
    }
    if (this.files.size === 0) {
      throw new Error("The pages of the console and the playground are not built: run npm run build.")
    }
  }

  get(name: string): Buffer | undefined {
    return this.files.get(name)
  }
}
