import * as fs from "fs"
import { streamRequest } from "../../../src/hub/stream/request_stream"
import { SpoolFile } from "../../../src/hub/stream/spool_file"

/** A program that downloads the address it is given, never reads, and tells its parent when its file holds bytes. */
const open = SpoolFile.open.bind(SpoolFile)
SpoolFile.open = (directory, capacity) => {
  const file = open(directory, capacity)
  const timer = setInterval(() => {
    if (file.length > 0) {
      clearInterval(timer)
      process.send?.(file.length)
    }
  }, 5)
  return file
}

fs.accessSync(process.env.ACTION_HUB_SPOOL_DIRECTORY ?? "")
void streamRequest({ downloadUrl: process.argv[2] }, async () => new Promise(() => undefined))
