/* eslint-disable @typescript-eslint/only-throw-error -- The contract: Looker shows a thrown string. */
import type { ProcessQueue } from "../xpc/process_queue"
import { ActionForm } from "./action_form"
import {
  ActionDownloadSettings,
  ActionFormat,
  ActionFormatting,
  ActionRequest,
  ActionType,
  ActionVisualizationFormatting,
} from "./action_request"
import { ActionResponse } from "./action_response"
import { executeInQueue } from "./execute_in_queue"
import { isForkingEnabled } from "./forking"
import { readIcon } from "./icon"
import type { MetricDeclaration } from "./metrics"

/** A setting that an administrator makes once for an action. */
export interface ActionParameter {
  name: string
  label: string
  required: boolean
  /** Kept secret by Looker. */
  sensitive: boolean
  /** Set by each user through a user attribute. */
  per_user?: boolean
  /** Looker's user attribute that the setting is bound to, such as `email`. */
  user_attribute_name?: string
  description?: string
}

/** Tags that a query's fields must carry for the action to be offered. */
export interface RequiredField {
  tag?: string
  any_tag?: string[]
  all_tags?: string[]
}

/** The addresses under which Looker reaches an action. */
export interface RouteBuilder {
  actionUrl(action: Action): string
  formUrl(action: Action): string
  tokenUrl(action: Action): string
}

// Merged with the class below: `execute` and `form` are for subclasses to write, yet not abstract.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface Action {
  /** Does the work. A thrown string, or an Error's message, reaches the user. A response that says so is better. */
  execute(request: ActionRequest): Promise<ActionResponse>
  /** Returns the questions for the user to answer before sending. */
  form?(request: ActionRequest): Promise<ActionForm>
}

/**
 * A destination that Looker can send data to. A subclass is one kind of destination; register an instance with
 * `addAction`.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export abstract class Action {

  /** Part of the action's addresses. It must never change once Looker knows it. */
  abstract name: string
  abstract label: string
  abstract description: string
  abstract supportedActionTypes: ActionType[]
  abstract params: ActionParameter[]

  /** Looker sends a URL to fetch the data from, rather than the data. */
  usesStreaming = false
  /** `execute` runs outside the process that serves HTTP. */
  executeInOwnProcess = false
  /** Work may go on after the response. The action then has a queue of its own. */
  extendedAction = false
  /** The oldest version of Looker that is offered the action. */
  minimumSupportedLookerVersion = "5.5.0"
  requiredFields?: RequiredField[] = []
  /** A file under `src/actions`, such as `marketo/marketo.svg`. */
  iconName?: string
  supportedFormats?: ((_request: ActionRequest) => ActionFormat[]) | ActionFormat[]
  supportedFormattings?: ActionFormatting[]
  supportedVisualizationFormattings?: ActionVisualizationFormatting[]
  /** Declared for existing actions. Looker gets only what follows from `usesStreaming`. */
  supportedDownloadSettings?: string[]
  /** What the action counts and measures; see `Metrics`. */
  metrics?: readonly MetricDeclaration[]

  get hasForm(): boolean {
    return this.form !== undefined && this.form !== null
  }

  /** Returns the definition that Looker lists. Members without a value are left out of the JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Subclasses of existing hubs add members.
  asJson(router: RouteBuilder, request: ActionRequest): any {
    return {
      description: this.description,
      form_url: this.hasForm ? router.formUrl(this) : null,
      label: this.label,
      name: this.name,
      params: this.params,
      required_fields: this.requiredFields,
      supported_action_types: this.supportedActionTypes,
      uses_oauth: false,
      delegate_oauth: false,
      supported_formats: typeof this.supportedFormats === "function"
        ? this.supportedFormats(request)
        : this.supportedFormats,
      supported_formattings: this.supportedFormattings,
      supported_visualization_formattings: this.supportedVisualizationFormattings,
      supported_download_settings: [this.usesStreaming ? ActionDownloadSettings.Url : ActionDownloadSettings.Push],
      icon_data_uri: this.getImageDataUri(),
      url: router.actionUrl(this),
      token_url: "",
    }
  }

  /**
   * Runs the action if the request is complete: its type is supported, all required settings are there, and a streaming
   * action has data.
   *
   * An action with `executeInOwnProcess` goes through `queue`, unless ACTION_HUB_ENABLE_FORKING is `false`. A run that
   * fails there resolves with a response that says so.
   * Throws a string for whatever is wrong with the request, and whatever `execute` throws.
   */
  async validateAndExecute(request: ActionRequest, queue?: ProcessQueue): Promise<ActionResponse> {
    this.requireSupportedType(request)
    const missing = this.missingSetting(request)
    if (missing) {
      throw missing
    }
    if (this.usesStreaming && !request.attachment && !request.scheduledPlan?.downloadUrl) {
      throw "A streaming action was sent incompatible data. The action must have a download url or an attachment."
    }
    if (!this.executeInOwnProcess || !isForkingEnabled()) {
      return this.execute(request)
    }
    if (!queue) {
      throw "An action marked for being executed on a separate process needs a ExecuteProcessQueue."
    }
    request.actionId = this.name
    return executeInQueue(request, queue)
  }

  /**
   * Returns the form for a request, or a form that only names the missing required setting.
   * Throws a TypeError if the action has no form, and whatever `form` throws.
   */
  async validateAndFetchForm(request: ActionRequest): Promise<ActionForm> {
    const missing = this.missingSetting(request)
    if (missing) {
      const form = new ActionForm()
      form.error = missing
      return form
    }
    return this.form!(request)
  }

  /** Returns the icon as a data URI, or null without an icon. */
  getImageDataUri(): string | null {
    return this.iconName ? readIcon(this.iconName) : null
  }

  private requireSupportedType(request: ActionRequest) {
    if (this.supportedActionTypes.includes(request.type)) {
      return
    }
    const supported = this.supportedActionTypes.map((type) => `"${type}"`).join(", ")
    const reason = request.type
      ? `This action does not support requests of type "${request.type}".`
      : "No request type specified."
    throw `${reason} The request must be of type: ${supported}.`
  }

  private missingSetting(request: ActionRequest): string | undefined {
    const missing = this.params.find((param) => param.required && !request.params[param.name])
    return missing && `Required setting "${missing.label}" not specified in action settings.`
  }

}
