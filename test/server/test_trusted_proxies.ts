import { expect } from "chai"
import * as express from "express"

import { SettingsReader } from "../../src/hub/settings"
import { trustedProxies } from "../../src/server/trusted_proxies"

describe("trustedProxies", () => {
  function read(text: string) {
    const reader = new SettingsReader({ ACTION_HUB_TRUST_PROXY: text })
    return { trusted: trustedProxies(reader), problems: reader.problems }
  }

  for (const [text, trusted] of [
    ["", false], ["false", false], ["0", false], ["2", 2], ["loopback", ["loopback"]],
    ["10.0.0.0/8, FD00::/8 ,192.0.2.1", ["10.0.0.0/8", "fd00::/8", "192.0.2.1"]],
  ] as const) {
    it(`takes "${text}", and so does express`, () => {
      expect(read(text)).to.deep.equal({ trusted, problems: [] })
      expect(() => express().set("trust proxy", trusted)).to.not.throw()
    })
  }

  for (const text of [
    "true", "21", "-1", "1.5", "10.0.0.0/33", "10.0.0.0/0", "10.0.0/8", "proxy.example.com", "::1/129", "fe80::1%eth0",
    "loopback, everybody", ",",
  ]) {
    it(`refuses "${text}" by name, and then believes nobody`, () => {
      const { trusted, problems } = read(text)
      expect(trusted).to.equal(false)
      expect(problems).to.have.length(1)
      expect(problems[0]).to.match(/^ACTION_HUB_TRUST_PROXY is ".*": set the number of proxies/)
    })
  }
})
