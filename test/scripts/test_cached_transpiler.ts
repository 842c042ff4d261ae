import { expect } from "chai"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"
import * as ts from "typescript"

interface Transpiled {
  outputText: string
  sourceMapText: string
  diagnostics?: object[]
}

interface CachedTranspiler {
  create: (given: { service: { config: { options: ts.CompilerOptions } }, cache: string }) => {
    transpile: (source: string, options: { fileName: string }) => Transpiled
  }
}

// eslint-disable-next-line @typescript-eslint/no-require-imports -- a script, which is JavaScript
const { create } = require("../../scripts/cached_transpiler") as CachedTranspiler

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2021, module: ts.ModuleKind.CommonJS, sourceMap: true, useDefineForClassFields: false,
}
const fileName = path.resolve("src/some/room.ts")

describe("cached_transpiler", () => {
  let cache: string

  beforeEach(() => { cache = fs.mkdtempSync(path.join(os.tmpdir(), "transpiled-")) })
  afterEach(() => fs.rmSync(cache, { recursive: true }))

  function transpile(source: string, options = OPTIONS): Transpiled {
    return create({ service: { config: { options } }, cache }).transpile(source, { fileName })
  }

  function outputOf(source: string, options = OPTIONS): string {
    return ts.transpileModule(source, { fileName, compilerOptions: options }).outputText
  }

  it("compiles as TypeScript does, the first time and from then on", () => {
    const source = "import * as x from \"y\"\nexport class A { b?: string; c: number = x() }\n"
    const [first, second] = [transpile(source), transpile(source)]
    expect(first.outputText).to.equal(outputOf(source))
    expect([second.outputText, second.sourceMapText]).to.deep.equal([first.outputText, first.sourceMapText])
    expect(JSON.parse(second.sourceMapText)).to.have.property("mappings")
  })

  it("takes what it has kept", () => {
    transpile("export const a = 1")
    const [name] = fs.readdirSync(cache)
    const kept = JSON.parse(fs.readFileSync(path.join(cache, name), "utf8")) as object
    fs.writeFileSync(path.join(cache, name), JSON.stringify({ ...kept, outputText: "kept" }))
    expect(transpile("export const a = 1").outputText).to.equal("kept")
  })

  it("compiles anew when the source or the options have changed, and keeps one result for a file", () => {
    for (const source of ["export const a: number = 1", "export const a: number = 2"]) {
      for (const target of [ts.ScriptTarget.ES5, ts.ScriptTarget.ES2021]) {
        const options = { ...OPTIONS, target, ignoreDeprecations: "6.0" }
        expect(transpile(source, options).outputText).to.equal(outputOf(source, options))
      }
    }
    expect(fs.readdirSync(cache)).to.have.length(1)
  })

  it("compiles anew when what it has kept is not whole", () => {
    transpile("export const a = 1")
    fs.readdirSync(cache).forEach((name) => fs.writeFileSync(path.join(cache, name), "{\"key\":"))
    expect(transpile("export const a = 1").outputText).to.equal(outputOf("export const a = 1"))
  })

  it("keeps nothing of a source with mistakes, and reports them each time", () => {
    expect(transpile("export const = 1").diagnostics).to.have.length.greaterThan(0)
    expect(transpile("export const = 1").diagnostics).to.have.length.greaterThan(0)
    expect(fs.readdirSync(cache)).to.deep.equal([])
  })
})
