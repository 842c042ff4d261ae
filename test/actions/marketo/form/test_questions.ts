import { expect } from "chai"
import { MarketoConnection } from "../../../../src/actions/marketo/lib/api/connection"
import { MarketoError } from "../../../../src/actions/marketo/lib/errors"
import { FormQuestions } from "../../../../src/actions/marketo/lib/form/questions"
import { CallQuota } from "../../../../src/actions/marketo/lib/quota/call_quota"
import { connectionTo, rejectionOf, TINY_PACE } from "../support/connect"
import { failure, FakeMarketo, success } from "../support/fake_marketo"

const LISTS = "/rest/v1/lists.json"

describe("FormQuestions", () => {
  let marketo: FakeMarketo
  let connection: MarketoConnection
  let asked: FormQuestions[]

  beforeEach(async () => {
    marketo = await FakeMarketo.start()
    connection = connectionTo(marketo.origin)
    asked = []
  })

  afterEach(async () => {
    asked.forEach((questions) => questions.end())
    await marketo.stop()
  })

  function opened(limitMs: number): FormQuestions {
    const questions = new FormQuestions(connection, limitMs)
    asked.push(questions)
    return questions
  }

  it("give the answer, once for all forms of some minutes", async () => {
    let count = 0
    const question = async () => ++count
    expect(await opened(4000).ask("count", question)).to.deep.equal({ kind: "known", value: 1 })
    expect(await opened(4000).ask("count", question)).to.deep.equal({ kind: "known", value: 1 })
  })

  it("name the user of the token", async () => {
    expect(await opened(4000).user()).to.deep.equal({ kind: "known", value: "api@example.com" })
  })

  it("take a refusal for an answer, and ask anew the next time", async () => {
    marketo.answer("GET", LISTS, failure("603", "Access denied"))
    const question = async (questions: FormQuestions) =>
      questions.ask("lists", async () => questions.client.lists.byId(["1"]))
    const answer = await question(opened(4000))
    expect(answer.kind === "refused" && answer.error.code).to.equal("603")
    expect((await question(opened(4000))).kind).to.equal("known")
  })

  it("wait no longer than the form does, for all of them together", async () => {
    const questions = opened(30)
    const never = async () => new Promise<void>(() => undefined)
    expect(await Promise.all([questions.ask("one", never), questions.ask("two", never)]))
      .to.deep.equal([{ kind: "late" }, { kind: "late" }])
    expect(await questions.ask("three", never)).to.deep.equal({ kind: "late" })
  })

  it("end with the form where the answer is of no use later, and know that the hub held them back", async () => {
    connection = { ...connection, quota: new CallQuota({ callsPerWindow: 1, concurrentCalls: 5 },
      { ...TINY_PACE, rateWindowMs: 60000 }) }
    const first = opened(4000)
    expect((await first.inTime(first.whileOpen.lists.byId(["1"]))).kind).to.equal("known")
    expect(first.wasHeldBack).to.equal(false)
    const questions = opened(30)
    const looking = questions.whileOpen.lists.byId(["2"])
    expect(await questions.inTime(looking)).to.deep.equal({ kind: "late" })
    expect(questions.wasHeldBack).to.equal(true)
    expect(await looking.then(() => "went on", (error: Error) => error.name)).to.equal("RunStoppedError")
  })

  it("leave a late answer to the next form", async () => {
    let answer: (text: string) => void = () => undefined
    const slow = async () => new Promise<string>((resolve) => { answer = resolve })
    expect((await opened(10).ask("slow", slow)).kind).to.equal("late")
    answer("there it is")
    expect(await opened(4000).ask("slow", slow)).to.deep.equal({ kind: "known", value: "there it is" })
  })

  it("remember the latest failure of a call that is repeated", async () => {
    marketo.always("GET", LISTS, failure("606", "Max rate limit exceeded"))
    const questions = opened(400)
    const question = async () => questions.client.lists.byId(["1"])
    expect((await questions.ask("lists", question)).kind).to.equal("late")
    expect(questions.lastFailure).to.be.instanceOf(MarketoError).and.to.have.property("code", "606")
  })

  it("do not hide what is no failure of Marketo's", async () => {
    const mistake = async () => { throw new TypeError("a mistake of ours") }
    expect(await rejectionOf(opened(4000).ask("mistake", mistake))).to.be.instanceOf(TypeError)
  })

  it("share one book of names, and begin another when the first could not be read", async () => {
    marketo.answer("GET", LISTS, failure("1003", "Odd"), success([{ id: 1, name: "One" }]))
    const questions = opened(4000)
    const first = await questions.targets("list")
    expect(await questions.targets("list")).to.equal(first)
    await first.reading
    expect(first.isComplete).to.equal(false)
    expect(first.failure).to.have.property("code", "1003")
    const second = await questions.targets("list")
    await second.reading
    expect(second.isComplete).to.equal(true)
    expect(second.targets.map((target) => target.name)).to.deep.equal(["One"])
    expect(await opened(4000).targets("list")).to.equal(second)
  })
})
