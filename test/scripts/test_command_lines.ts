import { expect } from "chai"
import { spawn, spawnSync } from "child_process"
import { once } from "events"
import * as path from "path"

const ROOT = path.join(__dirname, "..", "..")

/** The scripts of package.json that read a command line, and an argument that each must refuse. */
const SCRIPTS: Array<{ name: string, command: string[], wrong: string[] }> = [
  { name: "test", command: ["scripts/test.js"], wrong: ["test/hub/test_index.ts"] },
  { name: "test:file", command: ["scripts/test_file.js"], wrong: ["test/test_nothing.ts"] },
  { name: "test:watch", command: ["scripts/test_file.js", "--watch"], wrong: ["--once"] },
  { name: "test:soak", command: ["scripts/soak.js"], wrong: ["abc"] },
  { name: "test:node", command: ["scripts/test_on_node.js"], wrong: ["abc"] },
  { name: "production-tree", command: ["scripts/production_tree.js"], wrong: [] },
  { name: "sbom", command: ["scripts/sbom.js"], wrong: ["abc"] },
  { name: "test:upstream", command: ["test/upstream/run.js"], wrong: ["abc"] },
  { name: "upstream:branch", command: ["scripts/upstream_branch.js"], wrong: [] },
  { name: "playground", command: typescript("sandbox/playground.ts"), wrong: ["--port", "abc"] },
  { name: "demo", command: typescript("sandbox/demo.ts"), wrong: ["--rows", "abc"] },
  { name: "bench", command: typescript("bench/main.ts"), wrong: [] },
  { name: "sandbox:marketo", command: typescript("sandbox/marketo/main.ts"), wrong: ["--speed", "abc"] },
  { name: "generate-api-key", command: ["scripts/generate_api_key.js"], wrong: ["abc"] },
  { name: "check", command: ["scripts/check.js"], wrong: ["--all"] },
  { name: "marketo:tags", command: typescript("bin/marketo_tags.ts"), wrong: ["--wiev", "abc"] },
]

function typescript(file: string): string[] {
  return ["-r", "ts-node/register/transpile-only", file]
}

function run(command: string[]) {
  return spawnSync(process.execPath, command, { cwd: ROOT, encoding: "utf8" })
}

describe("the command lines of the scripts", function() {
  this.timeout(30000)

  for (const { name, command, wrong } of SCRIPTS) {
    it(`${name} explains itself with --help, and starts nothing`, () => {
      const { status, stdout } = run([...command, "--help"])
      expect(status).to.equal(0)
      expect(stdout).to.contain("--help").and.match(new RegExp(`npm (run )?${name}\\b`))
    })

    it(`${name} refuses what it does not understand`, () => {
      const { status, stderr } = run([...command, ...wrong])
      expect(status).to.be.greaterThan(0)
      expect(stderr).not.to.equal("")
    })
  }

  for (const { name, command } of SCRIPTS) {
    it(`${name} does not mind a reader that is gone`, async () => {
      const child = spawn(process.execPath, [...command, "--help"], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] })
      child.stdout.destroy()
      let said = ""
      child.stderr.on("data", (chunk: Buffer) => { said += chunk.toString() })
      const [code] = await once(child, "close") as [number]
      expect(said).to.equal("")
      expect(code).to.equal(0)
    })
  }

  it("test:file runs the named file alone", () => {
    const { status, stdout } = run(["scripts/test_file.js", "test/hub/test_index.ts"])
    expect(status).to.equal(0)
    expect(stdout).to.match(/^\s*\d+ passing/m)
  })
})
