import { printNewApiKey } from "../src/generate_api_key"

process.exitCode = printNewApiKey()
