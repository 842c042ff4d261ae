import { sampleFields, samplePerson, sampleRow } from "../../sandbox/looker/lead_rows"
import { LookerSandbox } from "../../sandbox/looker/looker_sandbox"

/** Where a query result is to be had: POST here answers a one-time URL. `rows` people, beginning with number `from`. */
export const OFFER_PATH = "/bench/leads"

/** Stands in for Looker in a process of its own, and tells the parent its address. */
async function main() {
  const looker = await LookerSandbox.start()
  const address = looker.offer(OFFER_PATH, (parameters) => {
    const from = Number(parameters.get("from"))
    const rowCount = Number(parameters.get("rows"))
    return {
      fields: sampleFields(),
      *rows() {
        for (let index = from; index < from + rowCount; index++) {
          yield sampleRow(samplePerson(index))
        }
      },
    }
  })
  process.once("disconnect", () => process.exit())
  process.send?.({ address })
}

void main()
