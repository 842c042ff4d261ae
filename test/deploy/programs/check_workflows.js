"use strict"

// Prints what GitHub's parser of workflows has to say of the files named: a JSON object with a list of errors for each.

const fs = require("fs")
const module_ = require("module")

// The parser imports JSON without saying so, as bundlers allow and Node does not.
module_.register(`data:text/javascript,${encodeURIComponent(`
  export async function load(url, context, next) {
    return next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context)
  }`)}`)

async function main(files) {
  const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import("@actions/workflow-parser")
  const found = {}
  for (const name of files) {
    const content = fs.readFileSync(name, "utf8")
    const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter())
    const { jobs = [], errors = [] } = value === undefined ? {} : await convertWorkflowTemplate(context, value)
    found[name] = [...context.errors.getErrors(), ...errors].map((error) => error.message ?? error.Message)
    if (jobs.length === 0) {
      found[name].push("It has no jobs.")
    }
  }
  console.log(JSON.stringify(found))
}

void main(process.argv.slice(2))
