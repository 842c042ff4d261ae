import * as chai from "chai"
import * as fc from "fast-check"
import { instanceOrigin } from "../../../../src/actions/marketo/lib/api/instance_url"
import { MarketoSettingsError } from "../../../../src/actions/marketo/lib/errors"
import { errorOf } from "../support/connect"

const expect = chai.expect

const ORIGIN = "https://123-abc-456.mktorest.com"

describe("instance URL of the Marketo action", () => {

  describe("pastes that are reduced to the origin", () => {
    const pastes = [
      "123-ABC-456",
      "123-abc-456",
      "  123-ABC-456  ",
      "\"123-ABC-456\"",
      "123-abc-456.mktorest.com",
      "123-ABC-456.mktorest.com/rest",
      "https://123-ABC-456.mktorest.com",
      "https://123-ABC-456.mktorest.com/",
      "https://123-ABC-456.mktorest.com//",
      "https://123-abc-456.mktorest.com/rest",
      "https://123-abc-456.mktorest.com/rest/",
      "https://123-abc-456.mktorest.com//rest",
      "https://123-abc-456.mktorest.com/rest/v1",
      "https://123-abc-456.mktorest.com/rest/asset/v1",
      "https://123-abc-456.mktorest.com/identity",
      "https://123-abc-456.mktorest.com/identity/",
      "https://123-abc-456.mktorest.com/identity/oauth/token",
      "https://123-abc-456.mktorest.com/bulk/v1",
      "HTTPS://123-ABC-456.MKTOREST.COM/REST",
      "'https://123-abc-456.mktorest.com/rest'",
      "\"https://123-abc-456.mktorest.com\" ",
      "<https://123-abc-456.mktorest.com>",
      "\thttps://123-abc-456.mktorest.com/rest\n",
      "http://123-abc-456.mktorest.com/rest",
    ]
    for (const pasted of pastes) {
      it(JSON.stringify(pasted), () => {
        expect(instanceOrigin(pasted)).to.equal(ORIGIN)
      })
    }
  })

  describe("this very machine, for a stand-in", () => {
    for (const origin of ["http://localhost:8080", "http://127.0.0.1:4000", "http://[::1]:4000", "https://localhost"]) {
      it(`takes ${origin} when the administrator lists its host`, () => {
        const { host, hostname } = new URL(origin)
        expect(instanceOrigin(`${origin}/rest`, [hostname])).to.equal(origin)
        expect(instanceOrigin(`${origin}/rest`, ["proxy.example.com", host.includes(":") ? host : `${host}:443`]))
          .to.equal(origin)
      })

      it(`refuses ${origin} otherwise, and names the variable`, () => {
        for (const allowed of [[], ["proxy.example.com"], ["127.0.0.2"], [`${new URL(origin).hostname}:1`]]) {
          expect(errorOf(() => instanceOrigin(origin, allowed)).message)
            .to.contain("is not the address of a Marketo instance").and.to.contain("MARKETO_ALLOWED_HOSTS")
        }
      })
    }

    it("is refused over plain http at a name that only leads there", () => {
      expect(errorOf(() => instanceOrigin("http://localhost.:8080", ["localhost."])).message)
        .to.contain("must begin with https://")
    })
  })

  describe("names and numbers of this machine and of private networks", () => {
    const others = [
      "localhost.", "LOCALHOST", "foo.localhost", "localhost.localdomain", "localtest.me", "127.1", "127.0.1", "0x7f.1",
      "0x7f000001", "2130706433", "017700000001", "0177.0.0.1", "127.255.255.254", "0", "0.0.0.0", "[::]",
      "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[fe80::1]",
      "[fd00::1]", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1",
      "metadata.google.internal", "intranet", "\uff11\uff12\uff17.0.0.1", "\u24db\u24de\u24d2alhost", "127.0.0.1.",
    ]
    const forms = (host: string) =>
      [host, `http://${host}`, `https://${host}`, `http://${host}:8080/rest`, `https://${host}:443/identity`]

    for (const host of others) {
      it(`${host} is refused, with either protocol and any port`, () => {
        for (const pasted of forms(host)) {
          expect(errorOf(() => instanceOrigin(pasted, ["proxy.example.com"])).message, pasted)
            .to.match(/is not the address of a Marketo instance|is not a web address/)
        }
      })
    }
  })

  describe("hosts of Marketo's domain", () => {
    const improper = [
      "https://.mktorest.com", "https://a.b.mktorest.com", "https://mktorest.com", "https://-a.mktorest.com",
      "https://a-.mktorest.com", "https://a_b.mktorest.com", "https://123-abc-456.mktorest.com.",
    ]
    for (const pasted of improper) {
      it(`${pasted} is none of an instance`, () => {
        expect(errorOf(() => instanceOrigin(pasted)).message).to.contain("is not the address of a Marketo instance")
      })
    }

    it("have no port", () => {
      expect(errorOf(() => instanceOrigin("https://123-abc-456.mktorest.com:8443")).message)
        .to.contain("has something after the host")
    })
  })

  describe("hosts that the hub's administrator allows", () => {
    it("are taken over https", () => {
      expect(instanceOrigin("https://proxy.example.com/rest", ["proxy.example.com"]))
        .to.equal("https://proxy.example.com")
    })

    it("are compared without regard to case", () => {
      expect(instanceOrigin("https://PROXY.example.com", ["proxy.example.com"])).to.equal("https://proxy.example.com")
    })

    it("are refused over plain http", () => {
      expect(errorOf(() => instanceOrigin("http://proxy.example.com", ["proxy.example.com"])).message)
        .to.contain("must begin with https://")
    })

    it("may have a name without a dot, and a port of their own", () => {
      const origin = "https://marketo-proxy:8443"
      expect(instanceOrigin(origin, ["marketo-proxy:8443"])).to.equal(origin)
      expect(errorOf(() => instanceOrigin("https://marketo-proxy", ["marketo-proxy:8443"])).message)
        .to.contain("is not a web address")
    })

    it("do not open the hosts below them", () => {
      expect(errorOf(() => instanceOrigin("https://a.proxy.example.com", ["proxy.example.com"])).message)
        .to.contain("is not the address of a Marketo instance")
    })
  })

  describe("addresses of Marketo's that are none of the endpoint", () => {
    const PASTED = [
      "https://123-ABC-456.mktoapi.com/soap/mktows/2_9", "123-abc-456.mktoweb.com/lp/offer.html",
      "https://app-sj01.marketo.com/?munchkinId=123-ABC-456#ST1001A1",
      "https://123-ABC-456.mktorest.com/rest/v1/leads.json",
      "https://experience.adobe.com/#/@org/so:123-ABC-456/marketo-engage/classic/ST1001A1",
    ]
    for (const pasted of PASTED) {
      it(`${pasted} leads to the endpoint by the Munchkin ID in it`, () => {
        expect(errorOf(() => instanceOrigin(pasted)).message)
          .to.contain("Enter https://123-abc-456.mktorest.com in its place.")
      })
    }

    it("propose nothing for hosts of others, and for texts that only look like it", () => {
      for (const pasted of ["https://example.com/123-ABC-456", "https://marketo.com.example.org/123-ABC-456",
        "https://app-sj01.marketo.com/#ST1001A1", "https://x1123-ABC-4567.mktoweb.com",
        "See https://example.com/123-ABC-456", "See https://123-ABC-456.mktorest.com@example.com"]) {
        expect(errorOf(() => instanceOrigin(pasted)).message, pasted).not.to.contain("in its place")
      }
    })

    it("are answered with the endpoint alone, since the rest is of no use then", () => {
      expect(errorOf(() => instanceOrigin("https://123-ABC-456.mktoweb.com")).message).to.equal("The setting \"URL\" " +
        "of the Marketo action is not the address of a Marketo instance. Enter https://123-abc-456.mktorest.com in " +
        "its place.")
    })

    it("are read wherever the Munchkin ID stands in them, and are never taken as they are", () => {
      const char = (alphabet: string) => fc.constantFrom(...alphabet)
      const three = (alphabet: string) => fc.array(char(alphabet), { minLength: 3, maxLength: 3 })
        .map((chars) => chars.join(""))
      const munchkinId = fc.tuple(three("0123456789"), three("ABCXYZabcxyz"), three("0123456789"))
        .map((parts) => parts.join("-"))
      const around = fc.constantFrom(
        ["https://app-sj01.marketo.com/?munchkinId=", "#ST1001A1"], ["https://", ".mktoweb.com/lp/offer.html"],
        ["https://engage-ab.marketo.com/?munchkinId=", "#/classic/SC1A1"], ["https://", ".mktoapi.com/soap/mktows/2_9"],
        ["https://experience.adobe.com/#/@org/so:", "/marketo-engage/classic/"], ["https://", ".mktorest.com/other"],
        ["Endpoint: https://", ".mktorest.com/rest"], ["Identity: https://", ".mktorest.com/identity"],
        ["Munchkin ID: ", ""], ["so:", ""], ["", "/"])
      fc.assert(fc.property(munchkinId, around, (id, [before, after]) => {
        expect(errorOf(() => instanceOrigin(before + id + after)).message)
          .to.contain(`Enter https://${id.toLowerCase()}.mktorest.com in its place.`)
      }))
    })
  })

  describe("refusals", () => {
    const refusals: [string, string][] = [
      ["", "is not a web address."],
      ["   ", "is not a web address."],
      ["myurl", "is not a web address."],
      ["https://", "is not a web address."],
      ["not a url at all", "is not a web address."],
      ["https://user:pass@123-abc-456.mktorest.com", "must not contain a user name or password."],
      ["https://user@123-abc-456.mktorest.com", "must not contain a user name or password."],
      ["https://app-xy12.marketo.com", "is the address of Marketo's user interface"],
      ["https://engage-xy.marketo.com/#ST12A1", "is the address of Marketo's user interface"],
      ["https://123-abc-456.mktoapi.com/soap/mktows/2_9", "is the SOAP endpoint"],
      ["https://123-abc-456.mktorest.com/soap/mktows", "is the SOAP endpoint"],
      ["https://example.com", "is not the address of a Marketo instance."],
      ["https://mktorest.com.example.com", "is not the address of a Marketo instance."],
      ["https://123-abc-456.mktorest.com.example.com", "is not the address of a Marketo instance."],
      ["https://evilmktorest.com", "is not the address of a Marketo instance."],
      ["http://169.254.169.254/latest/meta-data", "is not the address of a Marketo instance."],
      ["https://10.0.0.1", "is not the address of a Marketo instance."],
      ["ftp://123-abc-456.mktorest.com", "must begin with https://"],
      ["https://123-abc-456.mktorest.com/rest/v1/leads.json", "has something after the host"],
      ["https://123-abc-456.mktorest.com/other", "has something after the host"],
      ["https://123-abc-456.mktorest.com/rest?access_token=1", "has something after the host"],
      ["https://123-abc-456.mktorest.com/#ST12A1", "has something after the host"],
    ]
    for (const [pasted, sentence] of refusals) {
      it(`${JSON.stringify(pasted)} ${sentence}`, () => {
        const error = errorOf(() => instanceOrigin(pasted))
        expect(error).to.be.instanceOf(MarketoSettingsError)
        expect(error.message).to.contain(sentence)
      })
    }

    it("tell where the right address is found", () => {
      expect(errorOf(() => instanceOrigin("myurl")).message)
        .to.contain("Admin > Integration > Web Services").and.to.contain("https://123-ABC-456.mktorest.com")
    })

    it("name the setting as the administrator sees it", () => {
      expect(errorOf(() => instanceOrigin("myurl")).message).to.contain("\"URL\"")
    })

    it("do not repeat a pasted password", () => {
      expect(errorOf(() => instanceOrigin("https://user:hunter2@123-abc-456.mktorest.com")).message)
        .not.to.contain("hunter2")
    })
  })
})
