import { expect } from "chai"
import { execFileSync, spawnSync } from "child_process"
import * as fs from "fs"
import { tmpdir } from "os"
import * as path from "path"

const SCRIPT = path.join(__dirname, "..", "..", "scripts", "upstream_branch.js")

describe("upstream:branch", function() {
  this.timeout(30000)
  let checkout: string

  beforeEach(() => {
    checkout = fs.mkdtempSync(path.join(tmpdir(), "upstream-checkout-"))
    write("package.json", "{}")
    write(".gitignore", "node_modules\nlib\n")
    write("src/actions/index.ts", "import \"./marketo/marketo\"\n")
    write("src/actions/marketo/marketo.ts", "old")
    write("src/actions/marketo/queue.ts", "old")
    write("src/actions/marketo/test_marketo.ts", "old")
    write("src/actions/marketo/marketo_tag.png", "old")
    write("test/test.ts", "import \"../src/actions/jira/test_jira\"\nimport \"../src/actions/marketo/test_marketo\"\n" +
      "\nrunAll()\n")
    for (const tool of ["tsc", "tslint", "mocha"]) {
      write(`node_modules/.bin/${tool}`, `require("fs").appendFileSync("${checkout}/calls", "${tool}\\n")`)
    }
    git("init", "--quiet")
    git("add", "--all")
    git("-c", "user.name=Anna", "-c", "user.email=anna@example.com", "commit", "--quiet", "-m", "Begin")
  })

  afterEach(() => {
    fs.rmSync(checkout, { recursive: true })
  })

  it("puts the action and its tests in the place of upstream's, and names each suite", () => {
    const { status, stdout, stderr } = prepare()
    expect(stderr).to.equal("")
    expect(status).to.equal(0)
    expect(fs.readFileSync(path.join(checkout, "src/actions/marketo/marketo.ts"), "utf8")).to.contain("MarketoAction")
    for (const gone of ["queue.ts", "test_marketo.ts", "marketo_tag.png"]) {
      expect(fs.existsSync(path.join(checkout, "src/actions/marketo", gone)), gone).to.equal(false)
    }
    const suites = fs.readFileSync(path.join(checkout, "test/test.ts"), "utf8")
    expect(suites).to.contain("test_jira").and.not.contain("src/actions/marketo/test_marketo")
    expect(suites).to.match(/import "\.\/actions\/marketo\/.*test_.*"\n/).and.contain("\n\nrunAll()")
    expect(fs.readFileSync(path.join(checkout, "src/actions/index.ts"), "utf8"))
      .to.equal("import \"./marketo/marketo\"\nimport \"./marketo/marketo_person\"\n")
    expect(fs.readFileSync(path.join(checkout, "calls"), "utf8")).to.equal("tsc\ntslint\nmocha\n")
    expect(stdout).to.contain("feat(marketo): account for every row")
    expect(git("branch", "--show-current")).to.equal("marketo-account-of-every-row")
    expect(git("diff", "--cached", "--name-only")).to.match(/^src\/actions\/marketo\/lib\//m)
  })

  it("touches nothing in a checkout with changes", () => {
    write("src/actions/marketo/marketo.ts", "changed")
    const { status, stderr } = prepare()
    expect(status).to.equal(1)
    expect(stderr).to.contain("commit or stash them first")
    expect(fs.existsSync(path.join(checkout, "src/actions/marketo/queue.ts"))).to.equal(true)
  })

  it("says what a folder lacks that is no checkout", () => {
    fs.rmSync(path.join(checkout, "test"), { recursive: true })
    expect(prepare().stderr).to.contain("is not a checkout of looker-open-source/actions: it has no test/test.ts")
  })

  it("shows what a tool of upstream's has against the folder", () => {
    write("node_modules/.bin/tslint", "console.error(\"42 failures\"); process.exit(2)")
    const { status, stderr } = prepare()
    expect(status).to.equal(1)
    expect(stderr).to.contain("42 failures")
  })

  function write(name: string, text: string) {
    const file = path.join(checkout, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text)
  }

  function git(...words: string[]): string {
    return execFileSync("git", words, { cwd: checkout, encoding: "utf8" }).trim()
  }

  function prepare() {
    return spawnSync(process.execPath, [SCRIPT, checkout], { encoding: "utf8" })
  }
})
