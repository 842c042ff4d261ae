import { generateKeyPairSync, KeyObject, sign } from "crypto"

/** A key and a certificate for it that nobody vouches for, made anew; both in PEM. */
export function selfSigned(commonName: string): { key: string, cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: pem(certificate(commonName, privateKey, publicKey)),
  }
}

/** X.509 version 3 without extensions (RFC 5280, 4.1), signed with ECDSA and SHA-256. */
function certificate(commonName: string, privateKey: KeyObject, publicKey: KeyObject): Buffer {
  const algorithm = der(0x30, der(0x06, Buffer.from("2a8648ce3d040302", "hex")))
  const name = der(0x30, der(0x31, der(0x30, der(0x06, Buffer.from("550403", "hex")), der(0x0c, commonName))))
  const validity = der(0x30, der(0x17, "200101000000Z"), der(0x17, "490101000000Z"))
  const content = der(0x30,
    der(0xa0, der(0x02, Buffer.of(2))), der(0x02, Buffer.of(1)), algorithm, name, validity, name,
    publicKey.export({ type: "spki", format: "der" }))
  return der(0x30, content, algorithm, der(0x03, Buffer.of(0), sign("sha256", content, privateKey)))
}

/** One value of DER: tag, length, content. */
function der(tag: number, ...contents: (Buffer | string)[]): Buffer {
  const content = Buffer.concat(contents.map((part) => Buffer.from(part as string)))
  const length = content.length < 128 ? [content.length] :
    content.length < 256 ? [0x81, content.length] : [0x82, content.length >> 8, content.length & 0xff]
  return Buffer.concat([Buffer.of(tag, ...length), content])
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`
}
