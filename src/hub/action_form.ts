import { ActionState } from "./action_state"
import { wireState } from "./wire_state"

interface FormField {
  name: string
  label?: string
  description?: string
  default?: string
  /** Looker asks for the form again, with the values entered so far, whenever this field changes. */
  interactive?: boolean
  required?: boolean
}

interface FormFieldString extends FormField {
  type?: "string" | "textarea"
}

interface FormFieldSelect extends FormField {
  type: "select"
  options: { name: string, label: string }[]
}

interface FormFieldOAuth extends FormField {
  type: "oauth_link" | "oauth_link_google"
  oauth_url: string
}

interface FormFieldMessage extends FormField {
  type?: "message"
  value: string
}

/** One input, or one notice, of a form. */
export type ActionFormField = FormFieldString | FormFieldSelect | FormFieldOAuth | FormFieldMessage

/** The form that Looker shows a user before it sends data to an action. */
export class ActionForm {

  fields: ActionFormField[] = []
  state?: ActionState
  /** Shown instead of the fields. */
  error?: Error | string

  /**
   * Returns the form as Looker gets it: only the error's text if there is an error, otherwise the fields and the state.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Actions written for existing hubs read members.
  asJson(): any {
    if (this.error) {
      return { error: typeof this.error === "string" ? this.error : this.error.message }
    }
    return {
      fields: this.fields,
      state: wireState(this.state),
    }
  }

}
