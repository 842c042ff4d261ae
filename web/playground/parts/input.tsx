import type { ComponentChildren } from "preact"
import { useId } from "preact/hooks"

interface InputProps {
  label: string
  value: string
  onInput: (value: string) => void
  /** Called when the person has finished typing. */
  onChange?: (value: string) => void
  type?: "text" | "password" | "textarea" | "number"
  hint?: ComponentChildren
  problem?: string
  isRequired?: boolean
}

/** A labelled input with what explains it and what is wrong with it. */
export function Input({ label, value, onInput, onChange, type = "text", hint, problem, isRequired }: InputProps) {
  const id = useId()
  const shared = {
    id, value, "aria-describedby": `${id}-hint ${id}-problem`, "aria-required": isRequired === true,
    "aria-invalid": problem !== undefined, spellcheck: false, autocomplete: "off" as const,
    onInput: (event: Event) => onInput((event.currentTarget as HTMLInputElement).value),
    onChange: (event: Event) => onChange?.((event.currentTarget as HTMLInputElement).value),
  }
  return (
    <div class="field">
      <Label id={id} text={label} isRequired={isRequired} />
      {type === "textarea" ? <textarea {...shared} /> :
        type === "password" ? <input type="password" {...shared} /> :
          <input type="text" inputMode={type === "number" ? "numeric" : undefined} {...shared} />}
      <Remarks id={id} hint={hint} problem={problem} />
    </div>
  )
}

interface SelectProps {
  label: string
  value: string
  options: { name: string, label: string }[]
  onChange: (value: string) => void
  hint?: ComponentChildren
  problem?: string
  isRequired?: boolean
}

/** A labelled choice. A value that is not among the options is shown as no choice. */
export function Select({ label, value, options, onChange, hint, problem, isRequired }: SelectProps) {
  const id = useId()
  const isKnown = options.some(({ name }) => name === value)
  return (
    <div class="field">
      <Label id={id} text={label} isRequired={isRequired} />
      <select
        id={id} value={isKnown ? value : ""} aria-required={isRequired === true} aria-invalid={problem !== undefined}
        aria-describedby={`${id}-hint ${id}-problem`} onChange={(event) => onChange(event.currentTarget.value)}
      >
        {isKnown ? null : <option value="" />}
        {options.map(({ name, label: text }) => <option key={name} value={name}>{text}</option>)}
      </select>
      <Remarks id={id} hint={hint} problem={problem} />
    </div>
  )
}

interface CheckboxProps {
  label: string
  isOn: boolean
  onChange: (isOn: boolean) => void
}

/** A box to tick. */
export function Checkbox({ label, isOn, onChange }: CheckboxProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.currentTarget.checked)} /> {label}
    </label>
  )
}

function Label({ id, text, isRequired }: { id: string, text: string, isRequired?: boolean }) {
  return <label for={id}>{text}{isRequired === true ? <span class="required"> (required)</span> : null}</label>
}

function Remarks({ id, hint, problem }: { id: string, hint?: ComponentChildren, problem?: string }) {
  return (
    <>
      <div id={`${id}-hint`} class="hint">{hint}</div>
      <p id={`${id}-problem`} class="problem">{problem}</p>
    </>
  )
}
