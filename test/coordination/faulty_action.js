"use strict"

/**
 * Loaded by Node before the compiled hub and before each of its execute processes (`--require`): adds an action that
 * does to its process what no action should.
 */
const { setTimeout } = require("timers")
const Hub = require("../../lib/hub")

class FaultyAction extends Hub.Action {
  constructor() {
    super()
    Object.assign(this, {
      name: "faulty", label: "Faulty", description: "Harms its process.", params: [], executeInOwnProcess: true,
      supportedActionTypes: [Hub.ActionType.Query],
    })
  }

  async execute({ formParams }) {
    if (formParams.fault === "stray error") {
      setTimeout(() => { throw new Error("nobody caught this") })
    }
    // Neither answers nor stops.
    return new Promise(() => undefined)
  }
}

Hub.addAction(new FaultyAction())
