import { expect } from "chai"
import * as fc from "fast-check"
import { MarketoSettingsError } from "../../src/actions/marketo/lib/errors"
import { instanceOrigin } from "../../src/actions/marketo/lib/api/instance_url"

const byte = fc.integer({ min: 0, max: 255 })

/** A number in one of the bases that a URL understands. */
const written = (value: number) => fc.constantFrom(String(value), `0x${value.toString(16)}`, `0${value.toString(8)}`)

const ADDRESSES = fc.oneof(
  fc.tuple(byte, byte, byte, byte).chain((parts) => fc.tuple(...parts.map(written))).map((parts) => parts.join(".")),
  fc.tuple(fc.constant(127), fc.integer({ min: 0, max: 0xffffff })).chain((parts) => fc.tuple(...parts.map(written)))
    .map((parts) => parts.join(".")),
  fc.integer({ min: 0, max: 0xffffffff }).chain(written),
  fc.ipV4Extended(),
  fc.ipV6().map((address) => `[${address}]`),
)

/** The origin, or the kind of refusal. */
function outcomeOf(pasted: string, allowedHosts: string[]): string | undefined {
  try {
    return instanceOrigin(pasted, allowedHosts)
  } catch (failure) {
    expect(failure).to.be.instanceOf(MarketoSettingsError)
    return undefined
  }
}

describe("Hosts in the setting \"URL\"", () => {
  it("that are addresses are refused, however they are written", () => {
    fc.assert(fc.property(ADDRESSES, (host) => {
      for (const pasted of [host, `http://${host}`, `https://${host}:8443/rest`, `https://${host}.`]) {
        expect(outcomeOf(pasted, ["proxy.example.com", "localhost"]), pasted).to.equal(undefined)
      }
    }), { numRuns: 200 })
  })

  it("lead to an instance, or to a host that is listed, whatever is pasted", () => {
    const pasted = fc.oneof(fc.webUrl(), fc.domain(), fc.string(),
      fc.tuple(fc.constantFrom("https://", "http://", ""), fc.string(),
        fc.constantFrom(".mktorest.com", "@a.mktorest.com", ".mktorest.com@evil.example", "#.mktorest.com"))
        .map((parts) => parts.join("")))
    fc.assert(fc.property(pasted, (text) => {
      const origin = outcomeOf(text, ["proxy.example.com:8443"])
      expect(origin ?? "https://a.mktorest.com")
        .to.match(/^https:\/\/([a-z0-9]([a-z0-9-]*[a-z0-9])?\.mktorest\.com|proxy\.example\.com:8443)$/)
    }), { numRuns: 300 })
  })
})
