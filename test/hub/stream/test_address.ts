import { expect } from "chai"
import { checkAddress } from "../../../src/hub/stream/address"
import { DownloadError } from "../../../src/hub/stream/errors"

describe("checkAddress", () => {
  const hosts = ["looker.example.com", "*.looker.com", "*.lan:9999", "10.0.0.1:8080", "[::1]"]

  for (const address of [
    "https://looker.example.com/a", "http://LOOKER.example.com:9999/a", "https://acme.looker.com:19999/",
    "https://a.b.looker.com/", "https://looker.lan:9999/", "http://10.0.0.1:8080/", "http://[::1]/",
    "https://user:looker.example.com@acme.looker.com/",
  ]) {
    it(`allows ${address}`, () => {
      expect(checkAddress(address, hosts).href).to.equal(new URL(address).href)
    })
  }

  for (const address of [
    "https://example.com/", "https://evillooker.com/", "https://looker.com.evil.net/", "https://looker.lan/",
    "http://10.0.0.1/", "http://169.254.169.254/latest", "https://looker.example.com@evil.net/", "http://127.0.0.1/",
  ]) {
    it(`refuses ${address}`, () => {
      expect(() => checkAddress(address, hosts)).to.throw(DownloadError, /ACTION_HUB_STREAM_ALLOWED_HOSTS/)
    })
  }

  it("allows any host when none is listed, but only http and https", () => {
    expect(checkAddress("http://localhost/", []).host).to.equal("localhost")
    expect(() => checkAddress("file:///etc/passwd", [])).to.throw(DownloadError, /file:/)
  })
})
