import { expect } from "chai"
import { ESLint } from "eslint"
import * as fs from "fs"
import * as path from "path"
import { readDocument } from "./documented_texts"

const FOLDER = "src/actions/marketo/lib"

interface Zone {
  target: string
  from: string | string[]
}

interface Rules {
  rules: { [rule: string]: [number, { zones: Zone[] }] | undefined }
}

/** A text that is one of Marketo's codes, such as "606". */
const CODE = /(["'`])(?:6[01]\d|7\d\d|10\d\d)\1/

describe("The table of error codes", () => {
  it("is the only place of the Marketo action with codes", () => {
    const files = fs.readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"))
    const places = files.flatMap((file) => codeLinesOf(fs.readFileSync(path.join(FOLDER, file), "utf8"))
      .map((line) => `${file}: ${line}`))
    expect(places.length).to.be.greaterThan(5)
    expect(places.filter((place) => !place.startsWith(path.join("errors", "error_codes.ts")))).to.deep.equal([])
  })
})

/** Years look like codes, and comments may name them. */
function codeLinesOf(text: string): string[] {
  return text.split("\n").filter((line) => CODE.test(line) && !/^\s*(\*|\/)|year|period/.test(line))
}

describe("docs/architecture.md", () => {
  it("has the rooms of the Marketo action in the order in which ESLint lets them import each other", async () => {
    const { rules } = await new ESLint().calculateConfigForFile(`${FOLDER}/errors/index.ts`) as Rules
    const [ground] = (rules["import-x/no-restricted-paths"]?.[1].zones ?? [])
      .filter(({ target }) => target.startsWith(`./${FOLDER}/`))
    const rooms = [ground.target, ...ground.from].map((room) => room.slice(`./${FOLDER}/`.length))
    const documented = [...readDocument("docs/architecture.md").matchAll(/^\| `(\w+)\/` \|/gm)].map(([, room]) => room)
    expect(documented).to.deep.equal(rooms)
  })
})
