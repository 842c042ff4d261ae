import * as chai from "chai"
import * as fc from "fast-check"
import * as sinon from "sinon"
import {
  ActionDownloadSettings, ActionFormat, ActionRequest, ActionType, attachStopSignal, truncateString,
} from "../../src/hub"
import { DataWebhookPayload } from "../../src/api_types/data_webhook_payload"
import { expressRequest, receivedRequest } from "../support/run_action"

const { expect } = chai

describe("ActionRequest", () => {
  afterEach(() => sinon.restore())

  it("starts with exactly formParams, params and an unknown version", () => {
    const request = new ActionRequest()
    expect(Object.keys(request).sort()).to.deep.equal(["formParams", "lookerVersion", "params"])
    expect({ ...request }).to.deep.equal({ formParams: {}, params: {}, lookerVersion: null })
  })

  it("speaks Looker's words for types and formats", () => {
    expect(Object.values(ActionType)).to.deep.equal(["cell", "query", "dashboard"])
    expect(Object.values(ActionDownloadSettings)).to.deep.equal(["push", "url"])
    expect(Object.values(ActionFormat)).to.deep.equal([
      "txt", "csv", "inline_json", "json", "json_label", "json_detail", "json_detail_lite_stream", "xlsx", "html",
      "wysiwyg_pdf", "assembled_pdf", "wysiwyg_png", "csv_zip",
    ])
  })

  describe("read from a body", () => {
    it("takes over every part", () => {
      const query = { fields: ["a.b"], vis_config: { hidden_fields: ["a.c"] } }
      const request = receivedRequest({
        type: "query",
        scheduled_plan: {
          scheduled_plan_id: 12,
          title: "Orders",
          type: "Look",
          url: "https://lk/looks/3",
          query_id: 77,
          query,
          filters_differ_from_look: false,
          download_url: "https://lk/one_time/abc",
          async_callback_url: null,
        },
        data: { api_key: "k" },
        form_params: { format: "csv" },
        state: "opaque",
      })
      expect(request.type).to.equal(ActionType.Query)
      expect(request.scheduledPlan).to.deep.equal({
        scheduledPlanId: 12,
        title: "Orders",
        type: "Look",
        url: "https://lk/looks/3",
        queryId: 77,
        query,
        filtersDifferFromLook: false,
        downloadUrl: "https://lk/one_time/abc",
        asyncCallbackUrl: null,
      })
      expect(request.params).to.deep.equal({ api_key: "k" })
      expect(request.formParams).to.deep.equal({ format: "csv" })
      expect(request.fetchTokenState).to.equal("opaque")
    })

    it("shares the params with the body", () => {
      const body = { type: ActionType.Query, data: { api_key: "k" } } as unknown as DataWebhookPayload
      expect(ActionRequest.fromJSON(body).params).to.equal(body.data)
    })

    it("leaves parts out that are missing or null", () => {
      expect({ ...ActionRequest.fromJSON({} as DataWebhookPayload) })
        .to.deep.equal({ formParams: {}, params: {}, lookerVersion: null })
      const nulls = { type: "cell", scheduled_plan: null, attachment: null, data: null, form_params: null, state: null }
      expect({ ...ActionRequest.fromJSON(nulls as DataWebhookPayload) })
        .to.deep.equal({ type: "cell", formParams: {}, params: {}, lookerVersion: null })
    })

    it("throws a text when the type is null", () => {
      expect(thrownBy(() => receivedRequest({ type: null }))).to.equal('Action did not specify a "type".')
    })

    it("throws a text when there is no body", () => {
      expect(thrownBy(() => ActionRequest.fromJSON())).to.equal("Request body must be valid JSON.")
      expect(thrownBy(() => ActionRequest.fromRequest(expressRequest(undefined))))
        .to.equal("Request body must be valid JSON.")
    })
  })

  describe("read from a body with an attachment", () => {
    it("takes text as UTF-8", () => {
      const { attachment } = receivedRequest({ attachment: { mimetype: "text/csv", extension: "csv", data: "é,1\n" } })
      expect(attachment).to.deep.equal({
        mime: "text/csv",
        fileExtension: "csv",
        encoding: "utf8",
        dataBuffer: Buffer.from("é,1\n", "utf8"),
      })
    })

    it("decodes base64 and keeps the mime type as sent", () => {
      const { attachment } = receivedRequest({
        attachment: { mimetype: "application/pdf;base64", extension: "pdf", data: "AP8Q" },
      })
      expect(attachment).to.deep.equal({
        mime: "application/pdf;base64",
        fileExtension: "pdf",
        encoding: "base64",
        dataBuffer: Buffer.from([0x00, 0xff, 0x10]),
      })
    })

    it("parses data of exactly application/json", () => {
      const attachment = (mimetype: string) => {
        return receivedRequest({ attachment: { mimetype, data: '[{"a":1}]' } }).attachment
      }
      expect(attachment("application/json")?.dataJSON).to.deep.equal([{ a: 1 }])
      expect(attachment("application/json;charset=utf-8")?.dataJSON).to.equal(undefined)
    })

    it("throws a SyntaxError that repeats nothing of JSON data that is not JSON", () => {
      const error = thrownBy(() => receivedRequest({
        attachment: { mimetype: "application/json", data: "jane@example.com" },
      }))
      expect(error).to.be.instanceOf(SyntaxError)
      expect((error as SyntaxError).message).not.to.contain("jane")
    })

    it("accepts JSON that is placed inline", () => {
      for (const data of [{ a: [1] }, [{ a: 1 }]]) {
        const { attachment } = receivedRequest({ attachment: { mimetype: "application/json", data } })
        expect(attachment?.dataJSON).to.deep.equal(data)
        expect(attachment?.dataBuffer?.toString("utf8")).to.equal(JSON.stringify(data))
      }
    })

    it("has no bytes without a mime type or without data, but is there", () => {
      for (const sent of [{ data: "a" }, { mimetype: "text/csv", data: "" }, { mimetype: "text/csv", data: null }]) {
        const { attachment } = receivedRequest({ attachment: { extension: "csv", ...sent } })
        expect(attachment).to.include({ fileExtension: "csv" })
        expect(attachment?.dataBuffer).to.equal(undefined)
      }
    })
  })

  describe("read from a request's headers", () => {
    const headers = {
      "x-looker-instance": "instanceId1",
      "x-looker-webhook-id": "123",
      "user-agent": "LookerOutgoingWebhook/7.3.0",
    }

    it("knows the instance, the webhook and Looker's version", () => {
      expect(receivedRequest({ type: "query" }, headers))
        .to.include({ instanceId: "instanceId1", webhookId: "123", lookerVersion: "7.3.0" })
    })

    const versions: [string, string | null][] = [
      ["LookerOutgoingWebhook/7.3.00004561", "7.3.4561"],
      ["LookerOutgoingWebhook/v7.3.0", "7.3.0"],
      ["LookerOutgoingWebhook/24.2.0-beta", "24.2.0-beta"],
      ["LookerOutgoingWebhook/7.3", null],
      ["LookerOutgoingWebhook/", null],
      ["LookerOutgoingWebhook/22.10.17 foo", null],
      ["Mozilla/5.0", null],
      ["7.3.0", null],
    ]
    for (const [userAgent, version] of versions) {
      it(`makes ${version ?? "an unknown version"} of "${userAgent}"`, () => {
        expect(receivedRequest({}, { "user-agent": userAgent }).lookerVersion).to.equal(version)
      })
    }

    it("leaves the version unknown without a user agent", () => {
      expect(receivedRequest({}).lookerVersion).to.equal(null)
    })
  })

  describe("sent to another process as JSON", () => {
    it("arrives as an equal request, bytes included", () => {
      const sent = receivedRequest({
        type: "query",
        attachment: { mimetype: "application/json", extension: "json", data: '{"a":1}' },
        data: { api_key: "k" },
        form_params: { format: "json" },
        scheduled_plan: { title: "Orders" },
      }, { "x-looker-webhook-id": "123", "x-looker-instance": "i", "user-agent": "LookerOutgoingWebhook/7.3.0" })
      sent.actionId = "an_action"
      const arrived = ActionRequest.fromIPC(JSON.parse(JSON.stringify(sent)))
      expect(arrived).to.be.instanceOf(ActionRequest)
      expect(Buffer.isBuffer(arrived.attachment?.dataBuffer)).to.equal(true)
      expect(JSON.parse(JSON.stringify(arrived))).to.deep.equal(JSON.parse(JSON.stringify(sent)))
      expect(arrived.attachment?.dataBuffer?.toString("utf8")).to.equal('{"a":1}')
    })

    it("may arrive before it is parsed", () => {
      expect(ActionRequest.fromIPC('{"type":"cell","webhookId":"9"}')).to.include({ type: "cell", webhookId: "9" })
    })

    it("may arrive with bytes that a structured clone has made an Uint8Array of", () => {
      const { attachment } = ActionRequest.fromIPC({ attachment: { dataBuffer: new Uint8Array([104, 105]) } })
      expect(attachment?.dataBuffer?.toString("utf8")).to.equal("hi")
    })

    it("leaves what arrived as it was", () => {
      const arrived = { attachment: { dataBuffer: { type: "Buffer", data: [104, 105] } } }
      ActionRequest.fromIPC(arrived)
      expect(arrived).to.deep.equal({ attachment: { dataBuffer: { type: "Buffer", data: [104, 105] } } })
    })

    it("takes no stop signal along, nor does a comparison see one", () => {
      const request = new ActionRequest()
      const { signal } = new AbortController()
      attachStopSignal(request, signal)
      expect(request.stopSignal).to.equal(signal)
      expect(request).to.deep.equal(new ActionRequest())
      expect(JSON.stringify(request)).to.equal(JSON.stringify(new ActionRequest()))
    })
  })

  describe("empty", () => {
    it("is true with nothing to stream", () => {
      const request = new ActionRequest()
      expect(request.empty()).to.equal(true)
      request.attachment = { dataJSON: { a: 1 } }
      request.scheduledPlan = { title: "Orders" }
      expect(request.empty()).to.equal(true)
    })

    it("is false with attached bytes or a URL to fetch them from", () => {
      const attached = new ActionRequest()
      attached.attachment = { dataBuffer: Buffer.from("a") }
      expect(attached.empty()).to.equal(false)
      const linked = new ActionRequest()
      linked.scheduledPlan = { downloadUrl: "https://lk/1" }
      expect(linked.empty()).to.equal(false)
    })
  })

  describe("suggestedFilename", () => {
    const titled = (title?: string) => {
      const request = new ActionRequest()
      request.scheduledPlan = { title }
      return request
    }

    const names: [string, string][] = [
      ["csv", "Orders by County.csv"],
      ["xlsx", "Orders by County.xlsx"],
      ["html", "Orders by County.html"],
      ["txt", "Orders by County.txt"],
      ["json", "Orders by County.json"],
      ["json_label", "Orders by County.json"],
      ["inline_json", "Orders by County.json"],
      ["json_detail", "Orders by County.json"],
      ["json_detail_lite_stream", "Orders by County.json"],
    ]
    for (const [format, name] of names) {
      it(`is "${name}" for the format ${format}`, () => {
        const request = titled("Orders by County")
        request.formParams = { format }
        expect(request.suggestedFilename()).to.equal(name)
      })
    }

    it("takes the attachment's extension before the format's", () => {
      const request = titled("Orders")
      request.attachment = { fileExtension: "pdf" }
      request.formParams = { format: "csv" }
      expect(request.suggestedFilename()).to.equal("Orders.pdf")
    })

    it("takes the format's extension when the attachment has none", () => {
      const request = titled("Orders")
      request.attachment = {}
      request.formParams = { format: "csv" }
      expect(request.suggestedFilename()).to.equal("Orders.csv")
    })

    it("has no extension when none is known", () => {
      const request = titled("Orders")
      request.attachment = {}
      expect(request.suggestedFilename()).to.equal("Orders")
    })

    it("is made of the time without a title", () => {
      sinon.stub(Date, "now").returns(1500000000000)
      const request = new ActionRequest()
      request.formParams = { format: "csv" }
      expect(request.suggestedFilename()).to.equal("looker_file_1500000000000.csv")
      request.attachment = { fileExtension: "pdf" }
      expect(request.suggestedFilename()).to.equal("looker_file_1500000000000.pdf")
    })

    it("is made of the time with neither attachment nor format, even with a title", () => {
      sinon.stub(Date, "now").returns(1500000000000)
      expect(titled("Orders").suggestedFilename()).to.equal("looker_file_1500000000000")
    })

    it("leaves out what a file system cannot take", () => {
      const request = titled('../Orders: "a/b"?')
      request.formParams = { format: "csv" }
      expect(request.suggestedFilename()).to.equal("..Orders ab.csv")
    })

    it("never holds a path separator, a control character or .undefined, whatever the title", () => {
      fc.assert(fc.property(
        fc.string({ unit: "binary" }),
        fc.option(fc.constantFrom("csv", "pdf"), { nil: undefined }),
        (title, fileExtension) => {
          const request = titled(title)
          request.attachment = { fileExtension }
          const name = String(request.suggestedFilename())
          // eslint-disable-next-line no-control-regex -- Control characters are what must not be there.
          expect(name).not.to.match(/[/\\?<>:*|"\u0000-\u001f]/)
          expect(name.endsWith(".undefined")).to.equal(title.endsWith(".undefined") && !fileExtension)
        }))
    })
  })

  describe("completeFilename", () => {
    const request = (filename: string | undefined, fileExtension: string | undefined) => {
      const built = new ActionRequest()
      built.scheduledPlan = { title: "Orders" }
      built.attachment = { fileExtension }
      built.formParams = { filename }
      return built
    }

    for (const extension of ["csv", "xlsx", "html", "txt", "pdf"]) {
      it(`gives foo_baz_bar.${extension} with or without the extension entered`, () => {
        expect(request(" foo baz bar ", extension).completeFilename()).to.equal(`foo_baz_bar.${extension}`)
        expect(request(` foo baz bar.${extension}`, extension).completeFilename())
          .to.equal(`foo_baz_bar.${extension}`)
      })

      it(`gives the suggested name when another extension than ${extension} was entered`, () => {
        const withAnother = request(" foo baz bar .docx", extension)
        expect(withAnother.completeFilename()).to.equal(withAnother.suggestedFilename())
      })
    }

    it("adds the extension to a name that only ends in its letters", () => {
      expect(request("xcsv", "csv").completeFilename()).to.equal("xcsv.csv")
    })

    it("gives the entered name as it is without an attachment, or without an extension of it", () => {
      const unattached = request(" foo ", "csv")
      unattached.attachment = undefined
      expect(unattached.completeFilename()).to.equal(" foo ")
      expect(request(" foo ", undefined).completeFilename()).to.equal(" foo ")
    })

    it("gives nothing when no name was entered", () => {
      expect(request(undefined, "csv").completeFilename()).to.equal(undefined)
    })

    it("always ends in the extension, and holds no whitespace, for a name without a dot", () => {
      const names = fc.string({ unit: "binary", minLength: 1 }).filter((name) => !name.includes("."))
      fc.assert(fc.property(names, (name) => {
        const completed = String(request(name, "csv").completeFilename())
        expect(completed?.endsWith(".csv")).to.equal(true)
        expect(completed).not.to.match(/\s/)
      }))
    })
  })

  describe("suggestedTruncatedMessage", () => {
    const request = (data: string, plan?: { title?: string, url?: string }) => {
      const built = new ActionRequest()
      built.scheduledPlan = plan
      built.attachment = { dataBuffer: Buffer.from(data, "utf8") }
      return built
    }
    const plan = { title: "mylook", url: "http://my.looker.com/looks/12345" }

    it("is undefined without attached bytes", () => {
      expect(new ActionRequest().suggestedTruncatedMessage(10, 1600)).to.equal(undefined)
    })

    it("is the data when it is short", () => {
      expect(request("1,2,3,4\n5,6,7,8\n").suggestedTruncatedMessage(10, 1600)).to.equal("1,2,3,4\n5,6,7,8\n")
    })

    it("keeps a last line without a line break when all fits", () => {
      expect(request("1,2\n3,4").suggestedTruncatedMessage(10, 1600)).to.equal("1,2\n3,4")
    })

    it("begins with the plan's title and URL", () => {
      expect(request("1,2\n", plan).suggestedTruncatedMessage(10, 1600))
        .to.equal("mylook:\nhttp://my.looker.com/looks/12345\n1,2\n")
      expect(request("1,2\n", { title: "mylook" }).suggestedTruncatedMessage(10, 1600)).to.equal("mylook:\n1,2\n")
    })

    it("ends after so many lines of data", () => {
      expect(request("0,1,2\n".repeat(100), plan).suggestedTruncatedMessage(10, 1600))
        .to.equal(`mylook:\nhttp://my.looker.com/looks/12345\n${"0,1,2\n".repeat(10)}`)
    })

    it("ends with the last line that fits into so many characters", () => {
      const line = `${Array.from({ length: 100 }, (_, index) => index).join(",")}\n`
      expect(request(line.repeat(100), plan).suggestedTruncatedMessage(10, 1600))
        .to.equal(`mylook:\nhttp://my.looker.com/looks/12345\n${line.repeat(5)}`)
    })

    it("reads only the beginning of the data, and says what reading all of it would, whatever the characters", () => {
      const messageOfAll = (text: string, limit: number) => {
        const lines = text.split("\n").slice(0, 5)
        const message = [...lines, ...lines.length === 5 ? [""] : []].join("\n")
        return message.length > limit ? truncateString(message, limit) : message
      }
      const texts = fc.string({ unit: fc.constantFrom("a", "é", "語", "😀", "\n"), minLength: 1, maxLength: 200 })
      fc.assert(fc.property(texts, fc.integer({ min: 1, max: 40 }), (text, limit) => {
        expect(request(text).suggestedTruncatedMessage(5, limit)).to.equal(messageOfAll(text, limit))
      }), { numRuns: 500 })
    })
  })
})

function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}
