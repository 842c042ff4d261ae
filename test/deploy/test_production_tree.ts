import { expect } from "chai"
import { execFileSync, spawnSync } from "child_process"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"
import { HubClient } from "../../sandbox/looker/hub_client"
import { LookerSandbox } from "../../sandbox/looker/looker_sandbox"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { leaveOut } from "../support/left_out"
import { buildTree, CAN_ISOLATE, IsolatedProcess, ProductionRoot } from "./production_root"
import { read, ROOT } from "./recipes"

const SECRET = "7".repeat(64)

describe("The production tree", function() {
  this.timeout(60_000)

  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "production-tree-"))
  const tree = path.join(folder, "hub")

  before(() => buildTree(tree))
  after(() => fs.rmSync(folder, { recursive: true }))

  it("has the packages that npm takes for production, and no others", () => {
    const expected = execFileSync("npm", ["ls", "--omit=dev", "--all", "--parseable"], { cwd: ROOT, encoding: "utf8" })
      .trimEnd().split("\n").slice(1).map((place) => path.relative(ROOT, place))
    expect(packageFolders(tree)).to.deep.equal([...new Set(expected)].sort())
  })

  it("lists exactly these in its bill of materials", () => {
    const { metadata, components } = JSON.parse(fs.readFileSync(path.join(tree, "sbom.cdx.json"), "utf8")) as {
      metadata: { component: { name: string, version: string } }, components: { purl: string }[],
    }
    const { name, version } = JSON.parse(read("package.json")) as { name: string, version: string }
    expect(metadata.component).to.include({ name, version })
    const installed = packageFolders(tree).map((place) => purlOf(path.join(tree, place)))
    expect(components.map(({ purl }) => purl.replace(/\?.*$/, "")).sort())
      .to.deep.equal([...new Set(installed)].sort())
  })

  it("has nothing that only development needs", () => {
    const files = fs.readdirSync(tree, { recursive: true }) as string[]
    const own = files.filter((file) => !file.startsWith("node_modules"))
    expect(own.filter((file) => /\.(ts|map|tsbuildinfo)$|\btest\b|\.git|^\.env$/.test(file))).to.deep.equal([])
    expect(fs.readdirSync(path.join(tree, "lib")).sort())
      .to.deep.equal(fs.readdirSync(path.join(ROOT, "src"))
        .map((name) => name.replace(/\.ts$/, ".js")).concat(".built", "web").sort())
    expect(fs.readdirSync(path.join(tree, "lib", "web"))).to.include.members(["console.js", "playground.css"])
    expect(fs.readdirSync(tree).sort()).to.deep.equal([
      ".env.example", "LICENSE", "lib", "node_modules", "package-lock.json", "package.json", "public", "sbom.cdx.json",
      "scripts",
    ])
  })

  it("has nothing that was compiled from a source that is gone", () => {
    const leftOver = path.join(ROOT, "lib", "gone_from_the_sources.js")
    const again = path.join(folder, "again")
    fs.writeFileSync(leftOver, "")
    try {
      buildTree(again)
    } finally {
      fs.rmSync(leftOver)
    }
    expect(fs.readdirSync(path.join(again, "lib"))).to.deep.equal(fs.readdirSync(path.join(tree, "lib")))
  })

  it("is not built into a folder that has something in it", () => {
    const { status, stderr } = spawnSync(process.execPath, ["scripts/production_tree.js", tree], {
      cwd: ROOT, encoding: "utf8",
    })
    expect(status).to.equal(2)
    expect(stderr).to.contain("is not empty")
  })

  const title = "as process 1 and another user, on a read-only root file system with nothing else in it"
  if (CAN_ISOLATE) {
    describe(title, () => whileIsolated(tree))
  } else {
    leaveOut(`The production tree ${title}`, "Making a root file system needs root and util-linux's unshare.")
  }
})

function whileIsolated(tree: string): void {
  let root: ProductionRoot
  let marketo: MarketoSandbox
  let looker: LookerSandbox
  const started: IsolatedProcess[] = []

  before(async () => {
    root = new ProductionRoot(tree)
    marketo = await MarketoSandbox.start({ keepValues: false })
    looker = await LookerSandbox.start()
  })
  afterEach(async () => {
    for (const program of started.splice(0)) {
      await program.end()
    }
  })
  after(async () => {
    await Promise.all([marketo.stop(), looker.stop()])
    root.remove()
  })

  function run(program: string, environment: Record<string, string> = {}): IsolatedProcess {
    const process = root.run(program, environment)
    started.push(process)
    return process
  }

  /** The hub with the image's variables and the three that it requires. */
  async function startHub(): Promise<{ hub: IsolatedProcess, port: string }> {
    const hub = run("lib/boot.js", {
      ...imageVariables(), ACTION_HUB_BASE_URL: "https://hub.example.com", ACTION_HUB_LABEL: "Hub",
      ACTION_HUB_SECRET: SECRET, ACTION_HUB_HOST: "127.0.0.1", PORT: "0",
      MARKETO_ALLOWED_HOSTS: new URL(marketo.url).host,
    })
    const [, port] = await hub.says(/listening on port (\d+)/)
    return { hub, port }
  }

  async function newKey(): Promise<string> {
    const generator = run("scripts/generate_api_key.js", { ACTION_HUB_SECRET: SECRET })
    const [key] = await generator.says(/[0-9a-f]{64}\/[0-9a-f]{128}/)
    return key
  }

  it("answers, sends, lets its runs end when it is told to stop, and writes nowhere else", async () => {
    const untouched = root.contents()
    const { hub, port } = await startHub()
    const url = `http://127.0.0.1:${port}`
    const status = await (await fetch(`${url}/status`)).json() as { ready: boolean }
    expect(status.ready).to.equal(true)

    const { body } = await new HubClient({ url, apiKey: await newKey() }).execute("marketo", {
      params: { url: marketo.url, clientID: marketo.clientId, clientSecret: marketo.clientSecret },
      formParams: { lookupField: "email", subaction: "none" }, format: "json_detail_lite_stream",
      downloadUrl: looker.publish({
        fields: { dimensions: [{ name: "lead.email", label: "Email", tags: ["marketo:email"] }] },
        *rows() {
          // In the middle of the run, before its first lead is sent.
          hub.signal("SIGTERM")
          yield { "lead.email": { value: "new@example.org" } }
        },
      }),
    })
    expect(body.looker).to.deep.include({
      success: true, message: "1 row received: 1 lead created, 0 updated.",
    })
    expect(await hub.exitCode).to.equal(0)
    expect(hub.output).to.contain("The hub has shut down.")
    expect(root.contents()).to.deep.equal(untouched)
  })

  it("finds none of the packages for development", async () => {
    fs.writeFileSync(path.join(root.folder, "var/lib/action-hub/state/look.js"),
      "for (const name of process.env.NAMES.split(',')) { try { console.log(require.resolve(name, " +
      "{ paths: ['/hub/lib'] })) } catch { console.log('none of ' + name) } }")
    const { devDependencies } = JSON.parse(read("package.json")) as { devDependencies: Record<string, string> }
    const names = Object.keys(devDependencies)
    const look = run("/var/lib/action-hub/state/look.js", { NAMES: names.join(",") })
    expect(await look.exitCode).to.equal(0)
    expect(look.output.trimEnd().split("\n")).to.deep.equal(names.map((name) => `none of ${name}`))
  })

  it("starts by its script as well, and says in a sentence what it misses", async () => {
    const hub = run("scripts/start.js")
    expect(await hub.exitCode).to.equal(1)
    expect(hub.output).to.contain("ACTION_HUB_BASE_URL is not set")
  })

  it("has a health check that says whether it serves", async () => {
    const { port } = await startHub()
    const check = run("scripts/healthcheck.js", { PORT: port })
    expect(await check.exitCode).to.equal(0)
    expect(check.output).to.equal("The hub answers 200.\n")
    const free = run("scripts/healthcheck.js", { PORT: "1" })
    expect(await free.exitCode).to.equal(1)
    expect(free.output).to.equal("The hub cannot be reached (ECONNREFUSED).\n")
  })
}

/** The variables that the Dockerfile sets. */
function imageVariables(): Record<string, string> {
  const [, block] = /^ENV ((?:.*\\\n)*.*)$/m.exec(read("Dockerfile")) ?? []
  return Object.fromEntries([...block.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name, value]))
}

/** The folders of packages below node_modules, those within packages as well, from the tree's folder. */
function packageFolders(tree: string): string[] {
  return (fs.readdirSync(path.join(tree, "node_modules"), { recursive: true }) as string[])
    .map((file) => path.join("node_modules", file))
    .filter((file) => /(^|\/)node_modules\/(@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(file))
    .map((file) => path.dirname(file)).sort()
}

function purlOf(folder: string): string {
  const { name, version } = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8")) as
    { name: string, version: string }
  return `pkg:npm/${name.replace("@", "%40")}@${version}`
}
