import * as winston from "winston"

// Tests look at what is logged through spies; on the console it would only hide their own report.
winston.remove(winston.transports.Console)
