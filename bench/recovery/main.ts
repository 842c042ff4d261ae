import { FaultEffect } from "../../sandbox/marketo/faults/faults"
import { SPEED } from "../runs/fresh_hub"
import { sendWithLostAnswer } from "./lost_answer"

/** What happens to the second of ten upserts. */
const LOSSES: { what: string, effect?: FaultEffect }[] = [
  { what: "nothing" },
  { what: "connection reset after Marketo has done the work", effect: { kind: "reset", when: "after" } },
  { what: "connection reset before Marketo has begun", effect: { kind: "reset", when: "before" } },
  {
    what: "HTTP 502 of a gateway, and Marketo goes on for 15 s",
    effect: { kind: "http", status: 502, commitsAfterMs: 15_000 / SPEED },
  },
  { what: "no answer ever", effect: { kind: "hang" } },
]

async function main(isQuick: boolean) {
  const rounds = isQuick ? 1 : 5
  console.log("| second of ten upserts | leads | s | s more | created | updated | either | duplicates |")
  console.log("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
  for (const areKnown of [false, true]) {
    let undisturbed = 0
    for (const { what, effect } of LOSSES) {
      const runs = []
      for (let round = 0; round < rounds; round++) {
        runs.push(await sendWithLostAnswer(areKnown, effect))
      }
      const run = runs.sort((one, other) => one.seconds - other.seconds)[Math.floor(rounds / 2)]
      undisturbed = effect === undefined ? run.seconds : undisturbed
      console.log(`| ${what} | ${areKnown ? "known" : "new"} | ${run.seconds.toFixed(1)} | ` +
        `${(run.seconds - undisturbed).toFixed(1)} | ${run.created} | ${run.updated} | ${run.createdOrUpdated} | ` +
        `${run.duplicates} |`)
    }
  }
}

main(process.argv.includes("--quick")).catch((failure: unknown) => {
  console.error(failure)
  process.exitCode = 1
})
