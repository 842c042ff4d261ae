import { DepartureStage } from "./departure"

/** Why a request could not be sent. */
export interface UnsentReason {
  /** The words that end the sentence "Marketo could not be reached at <host>: ...". */
  text: string
  /** What to mend, if that is known; a sentence. */
  advice?: string
  /** True if it is not likely to pass by itself: somebody has to change a setting, or a certificate. */
  isLasting: boolean
}

/** Errors of Node's, by code, with what they mean to a person. */
const WORDS: { [code: string]: string | undefined } = {
  ECONNREFUSED: "nothing accepts connections there",
  ENOTFOUND: "its name is unknown",
  EAI_AGAIN: "its name could not be looked up just now",
  EHOSTUNREACH: "no route leads there",
  EHOSTDOWN: "the host is down",
  ENETUNREACH: "the network is unreachable",
  ENETDOWN: "the network is down",
  EADDRNOTAVAIL: "the hub has no free network port left",
  EMFILE: "the hub has too many connections open",
  ENFILE: "the hub has too many connections open",
  EACCES: "the hub's system does not let it connect",
  EPERM: "the hub's system does not let it connect",
  ETIMEDOUT: "it does not answer",
  ESOCKETTIMEDOUT: "it does not answer",
  ERR_SOCKET_CONNECTION_TIMEOUT: "it does not answer",
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate chain is self-signed",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate cannot be verified",
  UNABLE_TO_GET_ISSUER_CERT: "its certificate cannot be verified",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate cannot be verified",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate belongs to another host",
  EPROTO: "it does not speak TLS as the hub does",
}

const CHECK_URL = "Check the URL in the action's settings."

/** The request itself cannot be sent, or the other end does not speak TLS; time does not change that. */
const LASTING = /^(ENOTFOUND|EPROTO|ERR_(TLS|SSL|OSSL|INVALID|UNESCAPED|HTTP)_.*)$/
const CERTIFICATE = /CERT|SELF_SIGNED|CRL|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)/

/** How the library that tunnels through proxies speaks of its failures. */
const TUNNEL_REFUSED = /^tunneling socket could not be established, statusCode=(\d+)/
const TUNNEL_BROKEN = /^tunneling socket could not be established, cause=(.*)$/

/** The reason of an error that came before the request had begun to go out. */
export function unsentReason(cause: unknown, stage: DepartureStage): UnsentReason {
  const message = (cause as { message?: unknown } | undefined)?.message
  const text = typeof message === "string" ? message : ""
  const refused = TUNNEL_REFUSED.exec(text)
  if (refused !== null) {
    return refusalOfProxy(Number(refused[1]))
  }
  const broken = TUNNEL_BROKEN.exec(text)
  if (broken !== null) {
    const code = (/\b(E[A-Z_]+)\b/.exec(broken[1]) ?? [])[1]
    const why = code === undefined || code === "ENOTFOUND" ? undefined : WORDS[code]
    return {
      text: code === "ENOTFOUND" ? "the name of the proxy is unknown; check the hub's HTTPS_PROXY" :
        `the proxy that the hub uses cannot be reached${why === undefined ? "" : ` (${why})`}`,
      isLasting: code === "ENOTFOUND",
    }
  }
  const codes = codesOf(cause)
  const texts = codes.map((code) => wordsFor(code, stage))
  return {
    text: texts.length === 0 ? noConnection(stage) : unique(texts).join("; "),
    advice: codes.length > 0 && codes.every((code) => code === "ENOTFOUND") ? CHECK_URL : undefined,
    // One address of several that may come back is enough.
    isLasting: codes.length > 0 && codes.every(isLasting),
  }
}

function refusalOfProxy(status: number): UnsentReason {
  switch (status) {
    case 407:
      return { text: "the proxy that the hub uses wants a user name and password (HTTP 407)", isLasting: true }
    case 401:
    case 403:
    case 405:
      return { text: `the proxy that the hub uses does not let it through (HTTP ${status})`, isLasting: true }
    default:
      return { text: `the proxy that the hub uses gave no connection (HTTP ${status})`, isLasting: false }
  }
}

/** The codes of an error, or of those that it gathers: a host with several addresses fails once for each. */
function codesOf(cause: unknown): string[] {
  const { code, errors } = (cause ?? {}) as { code?: unknown, errors?: unknown }
  const gathered = Array.isArray(errors) ? errors.reduce(
    (all: string[], each: unknown) => all.concat(codesOf(each)), []) : []
  return gathered.length > 0 ? unique(gathered) : typeof code === "string" ? [code] : []
}

function wordsFor(code: string, stage: DepartureStage): string {
  const known = WORDS[code]
  if (known !== undefined) {
    return known
  }
  if (CERTIFICATE.test(code)) {
    return `its certificate is not accepted (${code})`
  }
  if (code === "ECONNRESET" || code === "EPIPE" || code === "ECONNABORTED") {
    return stage === "securing" ? "the connection was closed while it was being secured" : "the connection was closed"
  }
  return `${noConnection(stage)} (${code})`
}

function noConnection(stage: DepartureStage): string {
  return stage === "securing" ? "the connection could not be secured" : "no connection came about"
}

function isLasting(code: string): boolean {
  return LASTING.test(code) || CERTIFICATE.test(code)
}

function unique(texts: string[]): string[] {
  return [...new Set(texts)]
}
