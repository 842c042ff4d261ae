import { BELTS, BeltName, BeltedSend, beltedSend } from "./belted_send"

/** Sends by turns, so that whatever else the machine does meets all kinds, and prints the medians. */
async function main(isQuick: boolean) {
  const rounds = isQuick ? 1 : 5
  const names = Object.keys(BELTS) as BeltName[]
  console.log("| rows | seat belt | first upsert after, ms | whole send, s | execute process, CPU s | its peak MB | " +
    "look-ups | all calls |")
  console.log("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
  for (const rows of isQuick ? [3000] : [3000, 100000]) {
    const sends = new Map(names.map((name): [BeltName, BeltedSend[]] => [name, []]))
    for (let round = 0; round < rounds; round++) {
      for (const name of names) {
        sends.get(name)?.push(await beltedSend(rows, name))
      }
    }
    for (const [name, measured] of sends) {
      const of = (figure: (send: BeltedSend) => number) => median(measured.map(figure))
      console.log(`| ${rows} | ${BELTS[name].title} | ${Math.round(of((send) => send.firstUpsertMs))} | ` +
        `${of((send) => send.seconds).toFixed(2)} | ${of((send) => send.cpuSeconds).toFixed(2)} | ` +
        `${Math.round(of((send) => send.peakBytes) / 1024 / 1024)} | ${of((send) => send.lookUps)} | ` +
        `${of((send) => send.calls)} |`)
    }
  }
}

function median(values: number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)]
}

main(process.argv.includes("--quick")).catch((failure: unknown) => {
  console.error(failure)
  process.exitCode = 1
})
