import { expect } from "chai"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"

import { withFilesRead } from "../../src/hub/variable_files"

describe("Variables in files", () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "variable-files-"))
  after(() => fs.rmSync(directory, { recursive: true }))

  function fileWith(content: string | Buffer, name = "value"): string {
    const file = path.join(directory, name)
    fs.writeFileSync(file, content)
    return file
  }

  for (const name of ["ACTION_HUB_SECRET", "ACTION_HUB_REDIS_URL", "CIPHER_MASTER", "PORT", "ACTION_WHITELIST",
    "HTTPS_PROXY", "ENCRYPT_PAYLOAD_AIRTABLE"]) {
    it(`gives ${name} the content of the file that ${name}_FILE names`, () => {
      const { environment, filled, problems } = withFilesRead({ [`${name}_FILE`]: fileWith("the value\n"), HOME: "/" })
      expect(environment).to.deep.equal({ [name]: "the value", HOME: "/" })
      expect(filled).to.deep.equal([name])
      expect(problems).to.deep.equal([])
    })
  }

  for (const [what, content, value] of [
    ["a Windows line end", "v\r\n", "v"], ["no line end", "v", "v"], ["several lines", "a\nb\n", "a\nb"],
    ["blanks", " v \n", " v "], ["a byte order mark", "\uFEFFv\n", "v"], ["characters beyond ASCII", "é→\n", "é→"],
  ]) {
    it(`takes a value with ${what} as it stands, without line ends at its end`, () => {
      expect(withFilesRead({ CIPHER_MASTER_FILE: fileWith(content) }).environment.CIPHER_MASTER).to.equal(value)
    })
  }

  it("takes those of single actions where it is told their names", () => {
    const file = fileWith("x")
    expect(withFilesRead({ MARKETO_URL_FILE: file }, ["MARKETO_URL"]).environment).to.deep.equal({ MARKETO_URL: "x" })
    expect(withFilesRead({ MARKETO_URL_FILE: file }).environment).to.deep.equal({ MARKETO_URL_FILE: file })
  })

  it("leaves variables alone that merely end like that, and blank ones", () => {
    const others = { SSL_CERT_FILE: "/none", ACTION_HUB_FILE: "/none", _FILE: "/none", ACTION_HUB_SECRET_FILE: " " }
    expect(withFilesRead(others)).to.deep.equal({ environment: others, filled: [], problems: [] })
  })

  it("lets a blank variable stand beside its file", () => {
    const { environment } = withFilesRead({ ACTION_HUB_SECRET: "", ACTION_HUB_SECRET_FILE: fileWith("s") })
    expect(environment).to.deep.equal({ ACTION_HUB_SECRET: "s" })
  })

  it("names both variables when both are set, and no value", () => {
    const given = { ACTION_HUB_SECRET: "hush", ACTION_HUB_SECRET_FILE: fileWith("hush") }
    expect(withFilesRead(given).problems)
      .to.deep.equal(["ACTION_HUB_SECRET and ACTION_HUB_SECRET_FILE are both set: set one of them"])
  })

  for (const [what, make, reason] of [
    ["is missing", () => path.join(directory, "none"), "does not exist (ENOENT): set the path of a file"],
    ["is a directory", () => directory, "is a directory (EISDIR): set the path of a file in it"],
    ["is empty", () => fileWith("\n", "empty"), "is empty: write the value into it"],
    ["never ends", () => "/dev/zero", "is larger than 65536 bytes: name the file that holds the value alone"],
    ["is no text", () => fileWith("a\0b", "binary"), "is no text"],
    ["is in no directory", () => path.join(fileWith("x"), "y"), "cannot be read (ENOTDIR)"],
  ] as [string, () => string, string][]) {
    it(`names variable, path and reason when the file ${what}`, () => {
      const file = make()
      const { environment, problems } = withFilesRead({ ACTION_HUB_SECRET_FILE: file })
      expect(problems).to.have.length(1)
      expect(problems[0]).to.contain(`ACTION_HUB_SECRET_FILE names the file ${file}, which ${reason}`)
      expect(environment).to.deep.equal({ ACTION_HUB_SECRET_FILE: file })
    })
  }
})
