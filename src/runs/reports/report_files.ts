import * as fs from "fs"
import * as path from "path"
import { isRunId } from "../records/run_id"
import { reportsToRemove } from "./report_removal"
import type { ReportBounds, ReportStore } from "./report_store"

const EXTENSION = ".report"
const KEY_EXTENSION = ".key"
const EXTENSIONS = [EXTENSION, KEY_EXTENSION]

/** Reports as files of a directory, which only this system's user can read, and nobody without a link. */
export class ReportFiles implements ReportStore {

  /** Makes the directory. Throws the operating system's error if it cannot. */
  constructor(private readonly directory: string, private readonly bounds: ReportBounds) {
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 })
  }

  async append(id: string, block: Buffer): Promise<void> {
    await fs.promises.appendFile(this.fileOf(id), block, { mode: 0o600 })
  }

  async read(id: string): Promise<AsyncIterable<Buffer> | undefined> {
    try {
      const file = await fs.promises.open(this.fileOf(id), "r")
      return file.createReadStream() as AsyncIterable<Buffer>
    } catch (failure) {
      if ((failure as NodeJS.ErrnoException).code === "ENOENT") {
        return undefined
      }
      throw failure
    }
  }

  async keepKey(id: string, sealed: Buffer): Promise<void> {
    await fs.promises.writeFile(this.keyFileOf(id), sealed, { mode: 0o600 })
  }

  async readKey(id: string): Promise<Buffer | undefined> {
    try {
      return await fs.promises.readFile(this.keyFileOf(id))
    } catch (failure) {
      if ((failure as NodeJS.ErrnoException).code === "ENOENT") {
        return undefined
      }
      throw failure
    }
  }

  async tidy(): Promise<void> {
    const names = (await fs.promises.readdir(this.directory)).map((name) => path.parse(name))
    // A key may be there alone, since the disk was full when its report was to begin.
    const ids = new Set(names.filter(({ ext }) => EXTENSIONS.includes(ext)).map(({ name }) => name))
    const reports = await Promise.all([...ids].filter(isRunId)
      .map(async (id) => ({ id, bytes: await this.sizeOf(id) })))
    for (const id of reportsToRemove(reports, this.bounds, Date.now())) {
      await fs.promises.rm(this.keyFileOf(id), { force: true })
      await fs.promises.rm(this.fileOf(id), { force: true })
    }
  }

  /** Returns 0 for a report that never began, or that another hub has just removed. */
  private async sizeOf(id: string): Promise<number> {
    return fs.promises.stat(this.fileOf(id)).then(({ size }) => size, () => 0)
  }

  private keyFileOf(id: string): string {
    return path.join(this.directory, `${id}${KEY_EXTENSION}`)
  }

  private fileOf(id: string): string {
    return path.join(this.directory, `${id}${EXTENSION}`)
  }
}
