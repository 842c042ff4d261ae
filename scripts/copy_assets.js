"use strict"

// Copies what the compiler leaves behind, icons above all, from src/ to lib/, and marks the build as complete.

const fs = require("fs")
const path = require("path")

const project = path.resolve(__dirname, "..")
/** What the compiler takes, and what only readers of the sources need. */
const LEFT = /\.(ts|tsx|md)$|^form\.png$/

function copyAssets(from, to) {
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name)
    const target = path.join(to, entry.name)
    if (entry.isDirectory()) {
      copyAssets(source, target)
    } else if (!LEFT.test(entry.name)) {
      fs.mkdirSync(to, { recursive: true })
      fs.copyFileSync(source, target)
    }
  }
}

copyAssets(path.join(project, "src"), path.join(project, "lib"))
// build_when_stale.js compares the age of this file with that of the sources.
fs.writeFileSync(path.join(project, "lib", ".built"), "")
