import { expect } from "chai"
import { execFileSync, spawnSync } from "child_process"
import { DCLinter } from "dclint"
import { validate } from "dockerfile-utils"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"
import * as ts from "typescript"
import { parse } from "yaml"
import { leaveOut } from "../support/left_out"
import { read, ROOT } from "./recipes"

/** Manifests, and the types that kubernetes-types has for them. It has none for Kustomization and Knative's Service. */
const MANIFESTS = {
  "config.yaml": ["core/v1", "ConfigMap"],
  "deployment.yaml": ["apps/v1", "Deployment"],
  "network-policy.yaml": ["networking/v1", "NetworkPolicy"],
  "pod-disruption-budget.yaml": ["policy/v1", "PodDisruptionBudget"],
  "service.yaml": ["core/v1", "Service"],
}

const CLOUD_RUN = "deploy/cloud-run/service.yaml"

describe("The recipes' linters find nothing wrong with", function() {
  this.timeout(60_000)

  it("Dockerfile", () => {
    const found = validate(read("Dockerfile"))
    expect(found.map(({ range, message }) => [range.start.line + 1, message])).to.deep.equal([])
  })

  it("compose.yaml", () => {
    const [{ messages } = { messages: [] }] =
      new DCLinter({ rules: {}, quiet: false, debug: false, exclude: [] })
        .lintFiles([path.join(ROOT, "compose.yaml")], false)
    expect(messages.map(({ line, message }) => `${line}: ${message}`)).to.deep.equal([])
  })

  it("the manifests, which have Kubernetes' types", () => {
    const folder = "deploy/kubernetes"
    const { resources } = parse(read(`${folder}/kustomization.yaml`)) as { resources: string[] }
    expect([...resources].sort()).to.deep.equal(Object.keys(MANIFESTS).sort())
    const declarations = Object.entries(MANIFESTS).map(([file, [module, type]]) =>
      declaration(module, type, parse(read(`${folder}/${file}`))))
    const { spec } = parse(read(CLOUD_RUN)) as { spec: { template: { spec: { containers: unknown[] } } } }
    declarations.push(declaration("core/v1", "Container", spec.template.spec.containers[0]))
    expect(typeErrors(declarations.join("\n"))).to.deep.equal([])
  })

  it("no manifest with a misspelt member: the types notice one", () => {
    expect(typeErrors(declaration("apps/v1", "Deployment", { spec: { replica: 2 } })).join()).to.contain("replica")
  })

  it("the workflows, as GitHub's own parser reads them", () => {
    const folder = ".github/workflows"
    const files = fs.readdirSync(path.join(ROOT, folder)).map((name) => path.join(folder, name))
    expect(workflowErrors(files)).to.deep.equal(Object.fromEntries(files.map((file) => [file, []])))
  })

  it("no workflow with a misspelt member: the parser notices one", () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "workflow-"))
    const file = path.join(directory, "wrong.yml")
    fs.writeFileSync(file, read(".github/workflows/tests.yml").replace("runs-on", "run-on"))
    expect(workflowErrors([file])[file].join()).to.contain("run-on")
    fs.rmSync(directory, { recursive: true })
  })

  if (spawnSync("systemd-analyze", ["--version"]).status === 0) {
    it("the unit of systemd", () => {
      const { status, stderr } = spawnSync("systemd-analyze", ["verify", "deploy/systemd/action-hub.service"], {
        cwd: ROOT, encoding: "utf8",
      })
      expect(stderr.split("\n").filter((line) => line.includes("action-hub.service"))).to.deep.equal([])
      expect(status).to.equal(0)
    })
  } else {
    leaveOut("the unit of systemd", "systemd-analyze is not on this machine; to run them: apt-get install systemd")
  }
})

/** What GitHub's parser says of each file. */
function workflowErrors(files: string[]): Record<string, string[]> {
  const program = path.join(__dirname, "programs", "check_workflows.js")
  return JSON.parse(execFileSync(process.execPath, [program, ...files], { cwd: ROOT, encoding: "utf8" })) as
    Record<string, string[]>
}

let declared = 0

/** A constant of that type, in TypeScript. */
function declaration(module: string, type: string, value: unknown): string {
  return `export const value${++declared}: import("kubernetes-types/${module}").${type} = ${JSON.stringify(value)}`
}

/** The compiler's errors for a source that stands in this folder. */
function typeErrors(source: string): string[] {
  const file = path.join(__dirname, "manifests_as_typescript.ts")
  const options: ts.CompilerOptions = { strict: true, noEmit: true, skipLibCheck: true, types: [] }
  const host = ts.createCompilerHost(options)
  const readFile = host.getSourceFile.bind(host)
  host.getSourceFile = (name, version) =>
    name === file ? ts.createSourceFile(name, source, version) : readFile(name, version)
  return ts.getPreEmitDiagnostics(ts.createProgram([file], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "))
}
