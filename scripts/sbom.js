"use strict"

const path = require("path")
const readArguments = require("./arguments")
const productionSbom = require("./production_sbom")

const HELP = `Prints the packages with which a hub runs, as a CycloneDX document (JSON). The production tree has one.

  npm run sbom --silent > sbom.cdx.json

  --help   this text
`

readArguments({ help: HELP })

try {
  process.stdout.write(productionSbom(path.resolve(__dirname, "..")))
} catch (failure) {
  console.error(failure.message)
  process.exitCode = 1
}
