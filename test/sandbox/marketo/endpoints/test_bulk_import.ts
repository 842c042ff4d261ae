import { expect } from "chai"
import { SandboxClient, outcome } from "../sandbox_client"

describe("Marketo sandbox: bulk lead import", () => {
  let client: SandboxClient

  const importFile = async (text: string, query = "?format=csv", fields: Record<string, string> = {}) =>
    client.importFile(`/bulk/v1/leads.json${query}`, text, fields)
  const status = async (batchId: unknown) =>
    (await client.get(`/bulk/v1/leads/batch/${String(batchId)}.json`)).result[0]
  const finished = async (batchId: unknown) => {
    let job = await status(batchId)
    while (job.status === "Queued" || job.status === "Importing") {
      job = await status(batchId)
    }
    return job
  }

  beforeEach(async () => {
    client = await SandboxClient.start({ rateLimit: 10_000 })
  })

  afterEach(async () => client.stop())

  it("queues a file, with parameters in the query or as form fields", async () => {
    const byQuery = await importFile("email,firstName\nnew@example.com,Zoë\n")
    expect(byQuery.result).to.deep.equal([{ batchId: 5001, importId: "5001", status: "Queued" }])
    const byForm = await importFile("email;firstName\nana@example.com;\"A;B\"\n", "", { format: "ssv", listId: "1005" })
    expect((await finished(5001)).message).to.equal("Import succeeded, 1 records imported (0 members)")
    expect(await finished(byForm.result[0].batchId)).to.deep.include({ status: "Complete", numOfLeadsProcessed: 1,
      numOfRowsFailed: 0, numOfRowsWithWarning: 0, message: "Import succeeded, 1 records imported (1 members)" })
    const [created] = client.sandbox.leads.find("email", "new@example.com")
    expect(client.sandbox.leads.get(created)?.values.firstName).to.equal("Zoë")
    expect(client.sandbox.leads.get(50001)?.values.firstName).to.equal("A;B")
    expect([...client.sandbox.lists.get(1005)?.members ?? []]).to.deep.equal([50001])
  })

  it("refuses an empty file, a bad format, a body without multipart, and unknown batches", async () => {
    expect((await importFile("email\n")).errors).to.deep.equal([{ code: "1003", message: "Empty file" }])
    expect((await importFile("email\na@b.c", "?format=xml")).code).to.equal("1003")
    expect((await importFile("email\na@b.c", "?format=")).success).to.equal(true)
    expect((await client.call("POST", "/bulk/v1/leads.json?format=csv", { raw: "email" })).code).to.equal("613")
    expect((await client.get("/bulk/v1/leads/batch/7.json")).code).to.equal("1013")
  })

  it("works on two jobs at a time and refuses an eleventh with 1016", async () => {
    client.sandbox.knobs.bulkJobMs = 60_000
    for (let job = 0; job < 10; job++) {
      expect((await importFile("email\na@b.c\n")).success).to.equal(true)
    }
    expect((await importFile("email\na@b.c\n")).errors).to.deep.equal([
      { code: "1016", message: "There are 10 imports currently being processed. Please try again later" }])
    let states: string[] = []
    while (states.filter((state) => state === "Importing").length < 2) {
      states = await Promise.all(Array.from({ length: 10 }, async (_, job) => (await status(5001 + job)).status))
    }
    expect(states.filter((state) => state === "Queued")).to.have.length(8)
  })

  it("tells failures and warnings in files of the job's format", async () => {
    const text = "email\tleadScore\tcity\ngood@example.com\t5\tOslo\nbad@example.com\tfive\t\"a\"\"b\"\n"
      + "\t1\tx\ntwin@example.com\t1\tx\nbademail\t1\tx\n"
    const { result: [{ batchId }] } = await importFile(text, "?format=tsv")
    expect(await finished(batchId)).to.deep.include({ status: "Complete", numOfLeadsProcessed: 2, numOfRowsFailed: 3,
      numOfRowsWithWarning: 1,
      message: "Import completed with errors, 2 records imported (0 members), 3 failed" })
    const failures = await client.get(`/bulk/v1/leads/batch/${String(batchId)}/failures.json`)
    expect(failures.text).to.equal("email\tleadScore\tcity\tImport Failure Reason\n"
      + "bad@example.com\tfive\t\"a\"\"b\"\tInvalid data type in field Lead Score\n"
      + "\t1\tx\tValue for lookup field 'email' not found\n"
      + "twin@example.com\t1\tx\tMultiple lead match lookup criteria\n")
    expect(failures.headers.get("content-encoding")).to.equal(null)
    expect((await client.get(`/bulk/v1/leads/batch/${String(batchId)}/warnings.json`)).text)
      .to.equal("email\tleadScore\tcity\tImport Warning Reason\nbademail\t1\tx\tInvalid email address\n")
    expect(client.sandbox.leads.find("email", "bademail")).to.have.length(1)
  })

  it("leaves columns out of the failure file that are empty in all failed rows", async () => {
    const { result: [{ batchId }] } = await importFile("email,city,leadScore\na@b.c,Oslo,1\nbad@b.c,,five\n")
    await finished(batchId)
    expect((await client.get(`/bulk/v1/leads/batch/${String(batchId)}/failures.json`)).text)
      .to.equal("email,leadScore,Import Failure Reason\nbad@b.c,five,Invalid data type in field Lead Score\n")
  })

  it("takes its time for each row", async () => {
    client.sandbox.knobs.bulkRowMs = 60_000
    const { result: [{ batchId }] } = await importFile("email\na@b.c\n")
    while ((await status(batchId)).status === "Queued") {
      // The job begins in a moment.
    }
    expect((await status(batchId)).status).to.equal("Importing")
  })

  it("fails a job half-way, loses one, and all that are not done when it is started anew", async () => {
    client.sandbox.failNext("bulkImport", { kind: "job", failsAfterRows: 1, message: "Out of luck" })
    await importFile("email\none@b.c\ntwo@b.c\n")
    expect(await finished(5001)).to.include({ status: "Failed", numOfLeadsProcessed: 1, message: "Out of luck" })
    expect(client.sandbox.leads.find("email", "two@b.c")).to.deep.equal([])
    client.sandbox.failNext("bulkImport", { kind: "job", isLost: "queued" })
    await importFile("email\nthree@b.c\n")
    expect((await client.get("/bulk/v1/leads/batch/5002.json")).code).to.equal("1013")
    client.sandbox.knobs.bulkJobMs = 60_000
    await importFile("email\nfour@b.c\n", "?format=csv&listId=1005")
    client.sandbox.store.bulkJobs.restart()
    expect((await client.get("/bulk/v1/leads/batch/5003.json")).code).to.equal("1013")
    expect((await importFile("email\nfive@b.c\n", "?format=csv&listId=1005")).success).to.equal(true)
  })

  it("fails a job whose header cannot be used", async () => {
    const { result: [{ batchId }] } = await importFile("email,shoeSize\na@b.c,1\n")
    expect(await finished(batchId)).to.include({ status: "Failed", numOfLeadsProcessed: 0 })
  })

  it("only updates when the lookup field is id", async () => {
    const { result: [{ batchId }] } = await importFile("id,city\n50001,Oslo\n7,Oslo\n", "?format=csv&lookupField=id")
    expect(await finished(batchId)).to.include({ numOfLeadsProcessed: 1, numOfRowsFailed: 1 })
  })

  it("keeps others out of the list while it runs, and takes part in the key race", async () => {
    client.sandbox.knobs.bulkJobMs = 400
    const { result: [{ batchId }] } = await importFile("email\nrace@example.com\n", "?format=csv&listId=1005")
    expect((await importFile("email\nx@example.com\n", "?format=csv&listId=1005")).code).to.equal("1019")
    expect((await client.post("/rest/v1/lists/1005/leads.json", { input: [{ id: 50001 }] })).code).to.equal("1019")
    while ((await status(batchId)).status === "Queued") {
      // The job begins in a moment.
    }
    expect((await client.sync([{ email: "race@example.com" }])).result.map(outcome)).to.deep.equal(["created"])
    await finished(batchId)
    expect(client.sandbox.ledger.duplicates).to.have.length(1)
    expect((await client.sync([{ email: "race@example.com" }])).result.map(outcome)).to.deep.equal(["1007"])
  })

  it("takes files up to 10 MB", async () => {
    client.sandbox.knobs.maxBulkBodyBytes = 2000
    expect((await importFile(`email,city\na@b.c,${"x".repeat(2000)}\n`)).httpStatus).to.equal(413)
    expect((await importFile(`email,city\na@b.c,${"x".repeat(200)}\n`)).httpStatus).to.equal(200)
  })
})
