import { expect } from "chai"
import type { Page } from "playwright-core"

import * as Hub from "../../src/hub"
import { deferred, ScriptedAction } from "../server/hub_under_test"
import { expectAccessible } from "../support/accessibility"
import { BrowserUnderTest, describeInBrowser } from "../support/browser"
import { expectPicture } from "../support/screenshot"
import { PlaygroundUnderTest } from "./playground_under_test"

/** Would leave a mark in the page if any of it were taken for HTML. */
const MARKUP = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>&amp;<b>b</b>"

/** An action with every kind of field. The second question depends on the first, and one field goes away. */
function everyKind(members: Partial<Hub.Action> = {}): ScriptedAction {
  return new ScriptedAction({
    name: "every_kind",
    label: "Every kind",
    params: [
      { name: "url", label: "Address", required: true, sensitive: false, description: "Where it goes." },
      {
        name: "key", label: "Key", required: false, sensitive: true, per_user: true, user_attribute_name: "key_of_user",
      },
    ],
    async form(request) {
      const { kind = "fruit", plain } = request.formParams
      const form = new Hub.ActionForm()
      if (plain === "broken") {
        form.error = "The service is closed today."
        return form
      }
      form.fields = [
        { name: "hello", type: "message", label: "Hello", value: `You are ${request.params.url ?? "nobody"}.` },
        { name: "kind", type: "select", label: "Kind", interactive: true, default: "fruit", required: true, options: [
          { name: "fruit", label: "Fruit" }, { name: "colour", label: "Colour" }] },
        {
          name: kind, type: "string", label: kind === "fruit" ? "Which fruit" : "Which colour", required: true,
          default: `usual ${kind}`,
        },
        { name: "plain", label: "Plain", interactive: true, description: "Leave it empty." },
        { name: "long", type: "textarea", label: "Long" },
        { name: "login", type: "oauth_link", label: "Log in", oauth_url: "https://login.example.com/" },
        { name: "google", type: "oauth_link_google", label: "Log in", oauth_url: "javascript:alert(1)" },
      ]
      form.state = new Hub.ActionState()
      form.state.data = `${request.params.state_json ?? ""}+`
      return form
    },
    ...members,
  })
}

describeInBrowser("The playground, in a browser", () => {
  const playground = new PlaygroundUnderTest()
  let browser: BrowserUnderTest
  let requests: Hub.ActionRequest[]

  before(async () => { browser = await BrowserUnderTest.start() })
  after(async () => browser.stop())
  beforeEach(() => { requests = [] })
  afterEach(async () => {
    await browser.closePages()
    await playground.stop()
    expect(browser.complaints.splice(0)).to.deep.equal([])
  })

  /** Answers with what a test says, and notes what came. */
  const answering = (response: () => Hub.ActionResponse) => async (request: Hub.ActionRequest) => {
    requests.push(request)
    return response()
  }
  const press = async (page: Page, name: string): Promise<void> =>
    page.getByRole("button", { name, exact: true }).click()
  const send = async (page: Page): Promise<string> => {
    await press(page, "Send")
    await page.getByText("It took").waitFor()
    return page.getByRole("region", { name: "5. Answer" }).innerText()
  }
  const openEveryKind = async (members: Partial<Hub.Action> = {}): Promise<Page> => {
    await playground.start([everyKind(members)])
    const page = await playground.open(browser)
    await page.getByText("Required setting \"Address\" not specified in action settings.").waitFor()
    await page.getByLabel("Address").fill("somebody")
    await press(page, "Fetch the form")
    await page.getByText("You are somebody.").waitFor()
    return page
  }

  it("shows every kind of field, and asks anew when an interactive one changes", async () => {
    const page = await openEveryKind({ execute: answering(() => new Hub.ActionResponse({ message: "done" })) })
    expect(await page.getByLabel("Which fruit").inputValue()).to.equal("usual fruit")
    expect(await page.getByLabel("Key").getAttribute("type")).to.equal("password")
    expect(await page.getByText("user attribute key_of_user").isVisible()).to.equal(true)
    expect(await page.getByRole("link", { name: "Log in" }).getAttribute("href")).to.equal("https://login.example.com/")
    expect(await page.getByText("the address of the login is no web address").isVisible()).to.equal(true)

    await page.getByLabel("Which fruit").fill("a pear")
    await page.getByLabel("Long").fill("one\ntwo")
    await page.getByLabel("Kind").first().selectOption("colour")
    await page.getByLabel("Which colour").waitFor()
    expect(await page.getByLabel("Long").inputValue(), "kept").to.equal("one\ntwo")
    await page.getByLabel("Kind").first().selectOption("fruit")
    await page.getByLabel("Which fruit").waitFor()
    expect(await page.getByLabel("Which fruit").inputValue(), "dropped").to.equal("usual fruit")
    await expectAccessible(page)

    await send(page)
    expect(requests[0].formParams).to.include({ kind: "fruit", fruit: "usual fruit", long: "one\ntwo" })
    expect(requests[0].formParams).not.to.have.property("colour")
    expect(requests[0].params).to.include({ url: "somebody", state_json: "+++" })
  })

  it("shows a form's error in place of its fields, and keeps what was entered", async () => {
    const page = await openEveryKind()
    await page.getByLabel("Plain").fill("broken")
    await page.getByLabel("Plain").blur()
    await page.getByText("The service is closed today.").waitFor()
    expect(await page.getByLabel("Long").count()).to.equal(0)
  })

  it("shows what is wrong beside the fields, also what Looker itself would not send", async () => {
    const page = await openEveryKind({ execute: answering(() => new Hub.ActionResponse({
      success: false, message: "No.", validationErrors: [{ field: "long", message: "is too short" }],
    })) })
    await page.getByLabel("Which fruit").fill("")
    await press(page, "Send")
    await page.getByText("Looker does not send without it.").waitFor()
    expect(requests).to.deep.equal([])
    await page.getByLabel("Which fruit").fill("a pear")
    const answer = await send(page)
    expect(answer).to.contain("Failure").and.to.contain("No.").and.to.contain("long: is too short")
    const field = page.getByLabel("Long")
    expect(await field.getAttribute("aria-invalid")).to.equal("true")
    const described = (await field.getAttribute("aria-describedby") ?? "").split(" ")
    expect(await page.locator(`[id="${described[1]}"]`).innerText()).to.equal("is too short")
    await expectAccessible(page)
  })

  it("replays what a schedule has saved, as it is", async () => {
    const page = await openEveryKind({ execute: answering(() => new Hub.ActionResponse()) })
    await page.getByText("Replay what a schedule has saved").click()
    await page.getByLabel("Saved values").fill("{")
    await press(page, "Use these values")
    await page.getByText("This is no proper JSON").waitFor()
    await page.getByLabel("Saved values").fill(
      JSON.stringify({ parameters: JSON.stringify({ kind: "colour", colour: "red", gone: "7", format: "csv" }) }))
    await press(page, "Use these values")
    await page.getByText("also those that the form does not ask for: gone.").waitFor()
    expect(await page.getByLabel("Which colour").inputValue()).to.equal("red")
    await send(page)
    expect(requests[0].formParams).to.deep.equal({ format: "csv", kind: "colour", colour: "red", gone: "7" })
  })

  it("sends a pasted table in the format that is chosen, with odd values", async () => {
    const page = await openEveryKind({ execute: answering(() => new Hub.ActionResponse()) })
    await page.getByLabel("CSV, JSON or a json_detail document").fill("Name,Score\n\"Smith, Jr.\",7\nAna,\n")
    await press(page, "Use this data")
    await page.getByText("2 columns, 2 rows.").waitFor()
    await page.getByLabel("Score, row 1").focus()
    await page.getByLabel("Odd value").selectOption("a number with 20 digits")
    await press(page, "Put into Score, row 1")
    await page.getByLabel("Tags of column 1").fill("a tag, another")
    await page.getByLabel("Hidden: column 2").check()
    await page.getByLabel("Format").selectOption("json_detail")
    await send(page)
    const document = requests[0].attachment?.dataBuffer?.toString() ?? ""
    expect(document).to.contain("{\"name\":{\"value\":\"Smith, Jr.\"},\"score\":{\"value\":12345678901234567890}}")
    const { fields, data } = JSON.parse(document) as { fields: Record<string, object[]>, data: object[] }
    expect(fields.dimensions[0]).to.deep.include({ name: "name", label: "Name", tags: ["a tag", "another"] })
    expect(fields.dimensions[1]).to.deep.include({ name: "score", hidden: true, is_numeric: true })
    expect(data[1]).to.deep.equal({ name: { value: "Ana" }, score: { value: null } })
    expect(requests[0].scheduledPlan?.query?.vis_config).to.deep.equal({ hidden_fields: ["score"] })

    await page.getByLabel("Format").selectOption("csv")
    await send(page)
    expect(requests[1].attachment?.dataBuffer?.toString()).to.equal(
      "Name,Score\r\n\"Smith, Jr.\",12345678901234567890\r\nAna,\n")
    await page.getByLabel("Format").selectOption("wysiwyg_pdf")
    await press(page, "Send")
    await page.getByText("The format wysiwyg_pdf needs a file").waitFor()
    await page.getByLabel("A file, sent as it is").setInputFiles(
      { name: "a.pdf", mimeType: "application/pdf", buffer: Buffer.from([0x25, 0xff, 0]) })
    await send(page)
    expect(requests[2].attachment?.dataBuffer).to.deep.equal(Buffer.from([0x25, 0xff, 0]))
    expect(requests[2].attachment?.mime).to.equal("application/pdf;base64")
  })

  it("takes a table from a file that is chosen, and says what is wrong with it", async () => {
    const page = await openEveryKind({ execute: answering(() => new Hub.ActionResponse()) })
    const input = page.getByLabel("A file with such data, for the table")
    await input.setInputFiles({ name: "a.json", mimeType: "application/json", buffer: Buffer.from("[{]") })
    const described = (await input.getAttribute("aria-describedby") ?? "").split(" ")
    await page.locator(`[id="${described[0]}"]`).filter({ hasText: /\S/ }).waitFor()
    await input.setInputFiles({
      name: "a.csv", mimeType: "text/csv", buffer: Buffer.from("Name;Score\nZo\u00eb;7\n", "latin1"),
    })
    await page.getByText("2 columns, 1 row.").waitFor()
    expect(await page.locator(`[id="${described[0]}"]`).innerText()).to.equal("")
    await page.getByLabel("Format").selectOption("csv")
    await send(page)
    expect(requests[0].attachment?.dataBuffer?.toString()).to.equal("Name,Score\r\nZo\u00eb,7\n")
    await expectAccessible(page)
  })

  it("asks for the form of an action on cells with the value of the cell, and anew when that changes", async () => {
    await playground.start([new ScriptedAction({
      supportedActionTypes: [Hub.ActionType.Cell],
      async form({ type, params }) {
        const form = new Hub.ActionForm()
        form.fields = [{ name: "who", type: "message", value: `${type}: ${params.value}` }]
        return form
      },
      execute: answering(() => new Hub.ActionResponse({ message: "done" })),
    })])
    const page = await playground.open(browser)
    await page.getByText("cell: person1@example.com").waitFor()
    expect(await page.getByRole("group", { name: "Rows" }).count(), "no table").to.equal(0)
    expect(await page.getByLabel("Format").count()).to.equal(0)
    await page.getByLabel("Value of the cell").fill("ann@example.com")
    await page.getByLabel("Value of the cell").blur()
    await page.getByText("cell: ann@example.com").waitFor()
    expect(await send(page)).to.contain("done")
    expect(requests[0].params.value).to.equal("ann@example.com")
    expect(requests[0].attachment).to.equal(undefined)
    await expectAccessible(page)
  })

  it("sends a dashboard as a file, in the formats that dashboards have", async () => {
    await playground.start([new ScriptedAction({
      supportedActionTypes: [Hub.ActionType.Dashboard, Hub.ActionType.Query],
      supportedFormats: [Hub.ActionFormat.Csv, Hub.ActionFormat.WysiwygPdf],
      execute: answering(() => new Hub.ActionResponse()),
    })])
    const page = await playground.open(browser)
    await page.getByLabel("Type of the request").selectOption("dashboard")
    expect(await page.getByLabel("Format").locator("option").allInnerTexts()).to.deep.equal(["wysiwyg_pdf"])
    await page.getByText("Looker sends a dashboard as a file").waitFor()
    await page.getByLabel("A file, sent as it is").setInputFiles(
      { name: "a.pdf", mimeType: "application/pdf", buffer: Buffer.from([0x25, 0xff, 0]) })
    await send(page)
    expect(requests[0].type).to.equal("dashboard")
    expect(requests[0].scheduledPlan).to.include({ type: "Dashboard" })
    expect(requests[0].attachment?.dataBuffer).to.deep.equal(Buffer.from([0x25, 0xff, 0]))
    await page.getByLabel("Type of the request").selectOption("query")
    expect(await page.getByLabel("Format").inputValue()).to.equal("wysiwyg_pdf")
  })

  it("sends a cell, and what a schedule has", async () => {
    const page = await openEveryKind({
      supportedActionTypes: [Hub.ActionType.Cell], execute: answering(() => new Hub.ActionResponse()),
    })
    await page.getByLabel("Value of the cell").fill("42")
    await page.getByText("Schedule and query").click()
    await page.getByLabel("Plan ID").fill("77")
    await page.getByLabel("Title").fill("Every morning")
    await page.getByLabel("Time zone").fill("Europe/Berlin")
    await send(page)
    expect(requests[0].type).to.equal("cell")
    expect(requests[0].params.value).to.equal("42")
    expect(requests[0].scheduledPlan).to.include({ scheduledPlanId: 77, title: "Every morning" })
    expect(requests[0].scheduledPlan?.query?.query_timezone).to.equal("Europe/Berlin")
  })

  it("takes no text for HTML, whoever it comes from", async () => {
    const field = { label: MARKUP, description: MARKUP }
    await playground.start([everyKind({
      label: MARKUP, description: MARKUP, params: [{ name: "a", required: false, sensitive: false, ...field }],
      async form() {
        const form = new Hub.ActionForm()
        form.fields = [
          { name: MARKUP, type: "string", default: MARKUP, ...field },
          { name: "select", type: "select", options: [{ name: MARKUP, label: MARKUP }], ...field },
          { name: "message", type: "message", value: MARKUP, ...field },
          { name: "login", type: "oauth_link", oauth_url: `https://a.example.com/${MARKUP}`, ...field },
          { name: "bad", type: "oauth_link", oauth_url: `data:text/html,${MARKUP}`, ...field },
        ]
        return form
      },
      execute: answering(() => new Hub.ActionResponse({
        success: false, message: `${MARKUP} https://evil.example.com/a`,
        validationErrors: [{ field: MARKUP, message: MARKUP }],
      })),
    })])
    const page = await playground.open(browser)
    await page.getByRole("link", { name: MARKUP }).waitFor()
    await page.getByLabel("Label of column 1").fill(MARKUP)
    await page.locator("tbody input").first().fill(MARKUP)
    expect(await page.locator("tbody input").first().getAttribute("aria-label")).to.equal(`${MARKUP}, row 1`)
    expect(await send(page)).to.contain(MARKUP)
    expect(await page.getByRole("link", { name: "evil" }).count(), "links to others").to.equal(0)
    expect(await page.locator("#page script, #page b, #page img[onerror]").count()).to.equal(0)
    expect(await page.title()).not.to.contain("hacked")
    expect(requests).to.have.length(1)
  })

  it("keeps what a login brings", async () => {
    let stateUrl = ""
    class WithLogin extends ScriptedAction {
      asJson(router: Hub.RouteBuilder, request: Hub.ActionRequest): unknown {
        return { ...super.asJson(router, request), uses_oauth: true }
      }
    }
    await playground.start([new WithLogin({
      async form({ params }) {
        stateUrl = params.state_url ?? ""
        const form = new Hub.ActionForm()
        form.fields = params.state_json === undefined ?
          [{ name: "login", type: "oauth_link", label: "Log in", oauth_url: "https://login.example.com/" }] :
          [{ name: "who", type: "message", value: `Hello ${params.state_json}` }]
        return form
      },
      execute: answering(() => new Hub.ActionResponse()),
    })])
    const page = await playground.open(browser)
    await page.getByRole("link", { name: "Log in" }).waitFor()
    expect(stateUrl).to.match(new RegExp(`^${playground.pages.url}/playground/state/[0-9a-f]{48}$`))
    const brought = async (): Promise<number> => (await fetch(stateUrl, { method: "POST", body: "Ana" })).status
    const first = stateUrl
    expect([await brought(), await brought()]).to.deep.equal([200, 404])
    await press(page, "Fetch the form")
    await page.getByText("Hello Ana").waitFor()
    expect(stateUrl).not.to.equal(first)
    await send(page)
    expect(requests[0].params.state_json).to.equal("Ana")
  })

  it("hides secrets in the lines for a shell until they are wanted, and has no token", async () => {
    const page = await openEveryKind({ execute: answering(() => new Hub.ActionResponse()) })
    await page.getByLabel("Key").fill("a 'secret' key")
    await send(page)
    const shown = page.getByRole("region", { name: "Requests" })
    expect(await shown.innerText()).to.contain("/actions/every_kind/execute").and.not.to.contain("a 'secret")
    await page.getByLabel("Show secret settings").check()
    const text = await shown.innerText()
    expect(text).to.contain("\"key\":\"a '\\''secret'\\'' key\"")
    expect(text).to.contain("$ACTION_HUB_TOKEN").and.not.to.contain(playground.pages.token.split("/")[1])
  })

  it("watches a run, and says when the session is over", async () => {
    const gate = deferred<void>()
    const page = await openEveryKind({
      async execute() {
        await gate.promise
        return new Hub.ActionResponse({ message: "at last" })
      },
    })
    await press(page, "Send")
    await page.getByText("The action is running ...").waitFor()
    expect(await page.getByRole("button", { name: "Sending ..." }).isDisabled()).to.equal(true)
    gate.resolve()
    await page.getByText("at last").first().waitFor()
    await page.context().clearCookies()
    await press(page, "Send")
    await page.getByLabel("Token of this hub").waitFor()
  })

  it("is usable at 360 and 1440 pixels, light and dark, without a wider page", async () => {
    await playground.start([everyKind({ execute: answering(() => new Hub.ActionResponse({ message: "done" })) })])
    for (const width of [360, 1440]) {
      for (const scheme of ["light", "dark"] as const) {
        const page = await playground.open(browser, { width, scheme })
        await page.getByLabel("Address").fill("a")
        await press(page, "Fetch the form")
        await page.getByLabel("Long").waitFor()
        await send(page)
        await expectAccessible(page)
        const wide = await page.evaluate<number>("document.documentElement.scrollWidth")
        expect(wide, `${width} ${scheme}`).to.be.at.most(width)
      }
    }
  })

  describe("with Marketo's stand-in", () => {
    const openMarketo = async (): Promise<Page> => {
      await playground.start([], true)
      const page = await playground.open(browser)
      await page.getByLabel("Lead Lookup Field").waitFor()
      return page
    }
    const choose = async (page: Page, action: string): Promise<void> => {
      await page.getByLabel("Additional Action").selectOption(action)
      await page.getByRole("status").filter({ hasText: "Fetching" }).waitFor({ state: "detached" })
    }

    it("sends leads, and shows what changed in the stand-in", async () => {
      const page = await openMarketo()
      await choose(page, "addList")
      await page.getByLabel("List IDs").fill("1005")
      await page.getByLabel("List IDs").blur()
      await press(page, "Fetch the form")
      const answer = await send(page)
      expect(answer).to.contain("Success").and.to.contain("3 leads created")
      const changes = page.getByRole("region", { name: "In the stand-in for Marketo" })
      await changes.getByText("person1@example.com").waitFor()
      expect(await changes.getByRole("region", { name: "Lists" }).innerText()).to.contain("1005")
      expect(await changes.getByRole("region", { name: "Calls" }).innerText()).to.contain("syncLeads")
      expect(playground.marketo.ledger.leadsCreated).to.equal(3)
      await expectAccessible(page)
    })

    it("looks as it does in the documents", async () => {
      await playground.start([], true)
      const page = await playground.open(browser, { width: 1100 })
      await page.setViewportSize({ width: 1100, height: 1060 })
      await page.getByLabel("Lead Lookup Field").waitFor()
      await choose(page, "addList")
      await expectPicture(
        browser, page, "src/actions/marketo/form.png", page.getByRole("region", { name: "2. Form" }),
      )
      await choose(page, "none")
      await send(page)
      await page.getByText("person1@example.com").last().waitFor()
      await page.evaluate("document.querySelector('.grid').scrollIntoView()")
      await expectPicture(browser, page, "docs/images/playground.png")
    })

    it("shows how Marketo refuses a wrong tag", async () => {
      const page = await openMarketo()
      await choose(page, "none")
      await page.getByLabel("Tags of column 3").fill("marketo:fristName")
      const answer = await send(page)
      expect(answer).to.contain("Failure").and.to.contain("fristName").and.to.contain("firstName")
      expect(playground.marketo.ledger.leadsCreated).to.equal(0)
    })

    it("switches the stand-in's faults", async () => {
      const page = await openMarketo()
      await choose(page, "none")
      await page.getByLabel("The first lead of every upsert exists twice").check()
      const answer = await send(page)
      expect(answer).to.contain("Failure").and.to.contain("person1@example.com")
      expect(playground.marketo.ledger.leadsCreated).to.equal(2)
    })
  })
})
