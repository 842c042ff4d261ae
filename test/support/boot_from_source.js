"use strict"

// Runs the hub from its sources, in a process of its own, so a test needs no build that is up to date.
process.env.TS_NODE_PROJECT = require("path").resolve(__dirname, "../../tsconfig.json")
require("ts-node/register/transpile-only")
require("../../src/boot.ts")
