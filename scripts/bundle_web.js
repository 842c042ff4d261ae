"use strict"

// Bundles the pages of the console and the playground from web/ to lib/web. What they share is a file of its own.

const fs = require("fs")
const path = require("path")
const { buildSync } = require("esbuild")

const project = path.resolve(__dirname, "..")
const target = path.join(project, "lib", "web")

fs.rmSync(target, { recursive: true, force: true })
buildSync({
  absWorkingDir: project,
  entryPoints: ["console", "playground"].map((page) => path.join("web", page, `${page}.tsx`)),
  entryNames: "[name]",
  chunkNames: "shared-[hash]",
  outdir: path.join("lib", "web"),
  tsconfig: path.join("web", "tsconfig.json"),
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "inline",
  logLevel: "warning",
})
