"use strict"

/**
 * Loaded by Node before the compiled hub and before each of its execute processes (`--require`): adds an action that
 * writes more to the log than any pipe holds, and answers with the bytes that wait in its process.
 */
const { setImmediate } = require("timers")
const winston = require("winston")
const Hub = require("../../lib/hub")

const LINES = 20_000

class ChattyAction extends Hub.Action {
  constructor() {
    super()
    Object.assign(this, {
      name: "chatty", label: "Chatty", description: "Talks a lot.", params: [], executeInOwnProcess: true,
      supportedActionTypes: [Hub.ActionType.Query],
    })
  }

  async execute() {
    for (let line = 0; line < LINES; line++) {
      winston.info(`Line ${line} of the chatty action: ${"blah ".repeat(60)}`)
      if (line % 100 === 0) {
        await new Promise((resolve) => { setImmediate(resolve) })
      }
    }
    const waitingBytes = process.stdout.writableLength
    return new Hub.ActionResponse({ success: true, message: JSON.stringify({ waitingBytes }) })
  }
}

Hub.addAction(new ChattyAction())
