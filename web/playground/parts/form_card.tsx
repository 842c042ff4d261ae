import { useId, useState } from "preact/hooks"

import { wordsOf } from "../../shared/api"
import type { FormSession } from "../requests/form_session"
import { readSavedValues } from "../requests/replay"
import type { FormField, Texts } from "../requests/wire"
import { Input, Select } from "./input"

interface FormCardProps {
  hasForm: boolean
  form: FormSession
  /** What the action has found wrong, by field. */
  problems: Texts
  /** Fetches the form as when it is opened. */
  onOpen: () => void
}

/** An action's form as Looker shows it. */
export function FormCard({ hasForm, form, problems, onOpen }: FormCardProps) {
  return (
    <section class="card" aria-labelledby="form-title">
      <h2 id="form-title">2. Form</h2>
      {hasForm ? <Form form={form} problems={problems} /> : <p class="hint">This action has no form.</p>}
      {hasForm ? (
        <>
          <button type="button" class="quiet" onClick={onOpen}>Fetch the form</button>
          <Replay onValues={(values) => void form.replay(values)} />
        </>
      ) : null}
    </section>
  )
}

function Form({ form, problems }: Pick<FormCardProps, "form" | "problems">) {
  const { fields, values, isAsking, error, failure, unknownValues } = form
  return (
    <>
      <p role="status" class="hint">{isAsking ? "Fetching the form ..." : ""}</p>
      <p role="alert" class="problem">{failure}</p>
      {error === undefined ? null : <div class="notice bad"><strong>The form says:</strong> {error}</div>}
      <div class="form" aria-busy={isAsking}>
        {fields.map((field, index) => (
          <Field
            key={`${index} ${field.name}`} field={field} value={values[field.name] ?? ""} problem={problems[field.name]}
            onInput={(value) => form.enter(field.name, value)}
            onChange={(value) => void form.change(field, value)}
          />
        ))}
      </div>
      {unknownValues.length === 0 ? null : (
        <p class="notice">The saved values are sent as they are, also those that the form does not ask
          for: {unknownValues.join(", ")}.</p>
      )}
      {Object.entries(problems).filter(([name]) => !fields.some((field) => field.name === name))
        .map(([name, problem]) => <p key={name} class="problem">{name}: {problem}</p>)}
    </>
  )
}

interface FieldProps {
  field: FormField
  value: string
  problem: string | undefined
  onInput: (value: string) => void
  onChange: (value: string) => void
}

function Field({ field, value, problem, onInput, onChange }: FieldProps) {
  const { name, label = name, description, type = "string", options = [], required, interactive } = field
  const hint = <>{description}{interactive === true ? <span class="badge">reloads the form</span> : null}</>
  const shared = { label, value, hint, problem, isRequired: required === true }
  switch (type) {
    case "message":
      return (
        <div class="notice">
          {field.label === undefined ? null : <strong>{field.label}</strong>}
          <p class="text">{field.value}</p>
        </div>
      )
    case "oauth_link": case "oauth_link_google":
      return <Login field={field} />
    case "select":
      return <Select {...shared} options={options} onChange={onChange} />
    default:
      return (
        <Input {...shared} type={type === "textarea" ? "textarea" : "text"} onInput={onInput} onChange={onChange} />
      )
  }
}

/** Leads to a login in a tab of its own; to nothing but a web page. */
function Login({ field: { name, label = name, description, type, oauth_url: url = "" } }: { field: FormField }) {
  const isWeb = /^https?:\/\//i.test(url)
  return (
    <div class="notice">
      {isWeb ?
        <a class="button" href={url} target="_blank" rel="noopener noreferrer">
          {type === "oauth_link_google" ? `${label} (Google)` : label}
        </a> :
        <p class="problem">{label}: the address of the login is no web address: {url}</p>}
      <p class="hint">{description} Fetch the form again after the login.</p>
    </div>
  )
}

function Replay({ onValues }: { onValues: (values: Texts) => void }) {
  const id = useId()
  const [text, setText] = useState("")
  const [problem, setProblem] = useState<string>()
  const use = (): void => {
    try {
      onValues(readSavedValues(text))
      setProblem(undefined)
    } catch (thrown) {
      setProblem(wordsOf(thrown))
    }
  }
  return (
    <details>
      <summary>Replay what a schedule has saved</summary>
      <div class="field">
        <label for={id}>Saved values</label>
        <textarea
          id={id} value={text} aria-describedby={`${id}-hint ${id}-problem`} spellcheck={false}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <p id={`${id}-hint`} class="hint">
          The destination's parameters as Looker's API gives them, a JSON object, or lines of name=value.
        </p>
        <p id={`${id}-problem`} class="problem" role="alert">{problem}</p>
      </div>
      <button type="button" class="quiet" onClick={use}>Use these values</button>
    </details>
  )
}
