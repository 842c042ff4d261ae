import { expect } from "chai"
import { ESLint } from "eslint"
import { readDocument } from "./documented_texts"

const FOLDER = "src/actions/marketo/lib"

interface Zone {
  target: string
  from: string | string[]
}

interface Rules {
  rules: { [rule: string]: [number, { zones: Zone[] }] | undefined }
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
