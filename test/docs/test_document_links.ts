import { expect } from "chai"
import * as fs from "fs"
import * as path from "path"
import { readDocument } from "./documented_texts"

const ROOT = path.join(__dirname, "..", "..")

describe("The repository's documents", () => {
  const documents = markdownFiles(".")

  for (const file of documents) {
    it(`${file} links to files and headings that are there`, () => {
      const broken = [...readDocument(file).replace(/```[^]*?```/g, "").matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target]) => target).filter((target) => !/^(https?|mailto):/.test(target) && !isThere(file, target))
      expect(broken).to.deep.equal([])
    })
  }

  it("keep to the lengths that a reader has time for", () => {
    expect(linesOf("README.md")).to.be.at.most(150)
    expect(linesOf("src/actions/marketo/README.md")).to.be.at.most(250)
  })
})

function isThere(file: string, target: string): boolean {
  const [place, anchor] = target.split("#")
  const linked = place === "" ? file : path.join(path.dirname(file), place)
  if (!fs.existsSync(path.join(ROOT, linked))) {
    return false
  }
  return anchor === undefined || anchorsOf(readDocument(linked)).includes(anchor)
}

/** The anchors that GitHub gives the headings of a document. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.replace(/```[^]*?```/g, "").matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading.toLowerCase().replace(/[^\p{Letter}\p{Number}\s_-]/gu, "").replace(/\s/g, "-"))
}

function markdownFiles(folder: string): string[] {
  return fs.readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) {
      return ["node_modules", "lib", "coverage", ".git"].includes(entry.name) && folder === "." ? [] :
        markdownFiles(file)
    }
    return entry.name.endsWith(".md") ? [file] : []
  })
}

function linesOf(file: string): number {
  return readDocument(file).trimEnd().split("\n").length
}
