import { finished, PassThrough, Readable } from "stream"
import * as httpRequest from "request-promise-native"
import * as winston from "winston"
import * as Hub from "../../hub"

/**
 * An action that posts the data to an address which the user enters, at one third party. A subclass names the third
 * party's domain, and asks for the address with a form field `url`.
 */
export abstract class WebhookAction extends Hub.Action {

  /** The address must be on this host or one under it, such as `hooks.example.com` for `example.com`. */
  abstract domain: string

  supportedActionTypes = [Hub.ActionType.Query]
  supportedFormats = [Hub.ActionFormat.JsonDetail]
  supportedFormattings = [Hub.ActionFormatting.Unformatted]
  supportedVisualizationFormattings = [Hub.ActionVisualizationFormatting.Noapply]
  params: Hub.ActionParameter[] = []
  usesStreaming = true

  /** Throws a text when the address is missing or on another domain. Other failures become the response. */
  async execute(request: Hub.ActionRequest): Promise<Hub.ActionResponse> {
    const url = this.requireUrl(request.formParams.url)
    const { webhookId } = request
    try {
      await request.stream(async (readable) => postBody(url, readable))
      winston.info(`Posted the data to ${this.domain}.`, { webhookId })
      return new Hub.ActionResponse()
    } catch (reason) {
      const message = reason instanceof Error ? reason.message : String(reason)
      winston.error(`Posting the data to ${this.domain} failed: ${message}`, { webhookId })
      return new Hub.ActionResponse({ success: false, message })
    }
  }

  private requireUrl(url: string | undefined): string {
    /* eslint-disable @typescript-eslint/only-throw-error -- The contract: a thrown text is what Looker is told. */
    if (!url) {
      throw "Missing url."
    }
    const host = URL.canParse(url) ? new URL(url).hostname : ""
    if (host !== this.domain && !host.endsWith(`.${this.domain}`)) {
      throw "Incorrect domain for url."
    }
    /* eslint-enable @typescript-eslint/only-throw-error */
    return url
  }

}

/** Resolves once the answer is there. Rejects when the transfer fails or the answer's status is not 2xx. */
async function postBody(url: string, readable: Readable): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    // Through the namespace and with a callback: tests of existing hubs replace `post` and call back themselves.
    const posted = httpRequest.post({ url, body: readable.pipe(new PassThrough()) }, (error: unknown, response) => {
      const status = (response as { statusCode?: number } | undefined)?.statusCode
      if (error) {
        reject(asError(error))
      } else if (status !== undefined && (status < 200 || status > 299)) {
        reject(new Error(`The webhook's address answered with status ${status}.`))
      } else {
        resolve()
      }
    }) as httpRequest.RequestPromise | undefined
    // The callback has already told what this promise would.
    posted?.catch(() => undefined)
    finished(readable, { writable: false }, (error) => {
      if (error) {
        // A body that breaks off must not look complete to whoever receives it.
        posted?.abort()
        reject(error)
      }
    })
  })
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
