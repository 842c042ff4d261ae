import { ChildProcess, fork } from "child_process"
import { once } from "events"
import * as path from "path"
import type { Account } from "./marketo_process"

/** What a stand-in says first. */
export interface Started {
  address: string
  clientId?: string
  clientSecret?: string
}

/** Looker and Marketo for one hub, each in a process of its own, so that what they cost is not taken for the hub's. */
export class StandIns {
  /** `importSeconds`: of Marketo's time, for 50,000 rows in a file. */
  static async start(speed: number, importSeconds = 0): Promise<StandIns> {
    const looker = fork(path.join(__dirname, "looker_process"))
    const marketo = fork(path.join(__dirname, "marketo_process"), [String(speed), String(importSeconds)])
    const [lookerStarted, marketoStarted] = await Promise.all([said<Started>(looker), said<Started>(marketo)])
    return new StandIns(looker, marketo, lookerStarted.address, marketoStarted)
  }

  private constructor(
    private readonly looker: ChildProcess,
    private readonly marketo: ChildProcess,
    private readonly offerAddress: string,
    private readonly started: Started,
  ) {}

  /** What an administrator would fill in for the Marketo action. */
  get params(): Record<string, string> {
    const { address, clientId, clientSecret } = this.started
    return { url: address, clientID: clientId ?? "", clientSecret: clientSecret ?? "" }
  }

  /** The one-time URL of `rows` people, beginning with number `from`. */
  async publish(rows: number, from = 0): Promise<string> {
    const response = await fetch(`${this.offerAddress}?rows=${rows}&from=${from}`, { method: "POST" })
    return response.text()
  }

  /** What Marketo saw since `clear`. */
  async account(): Promise<Account> {
    this.marketo.send("account")
    return said<Account>(this.marketo)
  }

  async clear(): Promise<void> {
    this.marketo.send("clear")
    await said<Account>(this.marketo)
  }

  async stop(): Promise<void> {
    await Promise.all([this.looker, this.marketo].map(async (child) => {
      const ended = once(child, "exit")
      child.disconnect()
      await ended
    }))
  }
}

/** The child's next message; rejects when it ends instead. */
async function said<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const failed = () => reject(new Error("A stand-in has ended before it answered."))
    child.once("exit", failed)
    child.once("message", (message) => {
      child.off("exit", failed)
      resolve(message as T)
    })
  })
}
