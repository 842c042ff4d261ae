import { expect } from "chai"
import { SandboxClient } from "../sandbox_client"

const BATCH = "/bulk/v1/program/members/import"

describe("Marketo sandbox: bulk import of program members", () => {
  let client: SandboxClient
  const importFile = async (text: string, query = "?programMemberStatus=Registered", programId = 3001) =>
    client.importFile(`/bulk/v1/program/${programId}/members/import.json${query}`, text)
  const finished = async (batchId: unknown) => {
    for (;;) {
      const { result: [job] } = await client.get(`${BATCH}/${String(batchId)}/status.json`)
      if (job.status !== "Queued" && job.status !== "Importing") {
        return job
      }
    }
  }

  beforeEach(async () => {
    client = await SandboxClient.start({ rateLimit: 10_000 })
  })

  afterEach(async () => client.stop())

  it("creates and updates leads and makes them members with the status, CSV by default", async () => {
    const { result } = await importFile(
      "email,firstName,registrationCode\nnew@example.com,Nia,R-1\nbo@example.com,Bob,R-2\n")
    expect(result).to.deep.equal([{ batchId: 5001, importId: "5001", status: "Queued" }])
    expect(await finished(5001)).to.deep.equal({ batchId: 5001, importId: "5001", status: "Complete",
      numOfLeadsProcessed: 2, numOfRowsFailed: 0, numOfRowsWithWarning: 0,
      message: "Import succeeded, 2 records imported (2 members)" })
    const [leadId] = client.sandbox.leads.find("email", "new@example.com")
    expect(client.sandbox.programs.get(3001)?.members.get(leadId)).to.deep.include({ statusName: "Registered",
      values: { registrationCode: "R-1" } })
    expect(client.sandbox.leads.get(50002)?.values.firstName).to.equal("Bob")
    expect(client.sandbox.ledger.programChanges.map(({ target }) => target)).to.deep.equal([3001, 3001])
  })

  it("leaves a member where it is when it is past the status; a format may have capital letters", async () => {
    await importFile("email;seatNumber\nana@example.com;7\n", "?programMemberStatus=Invited&format=SSV")
    expect(await finished(5001)).to.include({ numOfLeadsProcessed: 1 })
    expect(client.sandbox.programs.get(3001)?.members.get(50001)).to.deep.include({ statusName: "Registered",
      values: { seatNumber: "7" } })
  })

  it("tells failures and warnings, and fails without an e-mail column", async () => {
    await importFile("email,leadScore\ngood@example.com,five\nbademail,1\n")
    expect(await finished(5001)).to.include({ numOfLeadsProcessed: 1, numOfRowsFailed: 1, numOfRowsWithWarning: 1,
      message: "Import completed with errors, 1 records imported (1 members), 1 failed" })
    expect((await client.get(`${BATCH}/5001/failures.json`)).text).to.equal("email,leadScore,Import Failure Reason\n"
      + "good@example.com,five,Invalid data type in field Lead Score\n")
    expect((await client.get(`${BATCH}/5001/warnings.json`)).text).to.equal("email,leadScore,Import Warning Reason\n"
      + "bademail,1,Invalid email address\n")
    await importFile("firstName\nAna\n")
    expect(await finished(5002)).to.include({ status: "Failed" })
  })

  it("refuses a missing or unknown status, an unknown program or format, and batches of leads", async () => {
    const file = "email\na@b.co\n"
    expect((await importFile(file, "")).code).to.equal("1002")
    expect((await importFile(file, "?programMemberStatus=Cheered")).code).to.equal("1025")
    expect((await importFile(file, undefined, 7)).code).to.equal("1013")
    expect((await importFile(file, "?programMemberStatus=Invited&format=xml")).code).to.equal("1003")
    const { result: [{ batchId }] } = await client.importFile("/bulk/v1/leads.json", file)
    expect((await client.get(`${BATCH}/${String(batchId)}/status.json`)).code).to.equal("1013")
    await importFile(file)
    expect((await client.get("/bulk/v1/leads/batch/5002.json")).code).to.equal("1013")
  })
})
