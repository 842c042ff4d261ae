import * as crypto from "crypto"
import type { Request, Response } from "express"

import { answerRefusal } from "../../server/error_answers"
import { RefusedRequest } from "../../server/refused_request"
import { ownAddress } from "./hub_call"
import { receive } from "./receive"

/** The largest state that Looker keeps, in bytes. Source: Looker's Action API. */
const STATE_BYTES = 32 * 1024

/** Logins that are waited for at once; beyond them the oldest ones are forgotten. */
const MOST_LOGINS = 100

/** The time for which a login is waited for, in ms. */
const KEPT_MS = 15 * 60_000

/** What logins have given, each at a one-time address as Looker's `state_url`; in memory only. */
export class LoginStates {
  /** Undefined while nothing has come. */
  private readonly states = new Map<string, string | undefined>()

  /** Opens an address for one login. */
  open = async (req: Request, res: Response): Promise<void> => {
    const id = crypto.randomBytes(24).toString("hex")
    this.states.set(id, undefined)
    setTimeout(() => this.states.delete(id), KEPT_MS).unref()
    if (this.states.size > MOST_LOGINS) {
      const [oldest] = this.states.keys()
      this.states.delete(oldest)
    }
    res.status(201).json({ id, url: `${ownAddress(req)}/playground/state/${id}` })
  }

  /** Takes the state that an action posts after the login. The address is the permission, and works once. */
  post = async (req: Request, res: Response): Promise<void> => {
    const id = String(req.params.id)
    if (!this.isAwaited(id)) {
      answerRefusal(res, 404, "No state of a login is awaited here.")
      return
    }
    const chunks: Buffer[] = []
    let bytes = 0
    await receive(req, (chunk) => {
      bytes += chunk.length
      if (bytes > STATE_BYTES) {
        throw new RefusedRequest(413, `A state has at most ${STATE_BYTES / 1024} KB.`)
      }
      chunks.push(chunk)
    })
    if (this.isAwaited(id)) {
      this.states.set(id, Buffer.concat(chunks).toString("utf8"))
    }
    res.json({})
  }

  /** Gives a state to the page, and forgets it. */
  collect = async (req: Request, res: Response): Promise<void> => {
    const id = String(req.params.id)
    const data = this.states.get(id)
    if (data !== undefined) {
      this.states.delete(id)
    }
    res.set("Cache-Control", "no-store").json({ data })
  }

  private isAwaited(id: string): boolean {
    return this.states.has(id) && this.states.get(id) === undefined
  }
}
