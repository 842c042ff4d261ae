import type { ActionDefinition, ActionParameter, Texts } from "../requests/wire"
import { Input, Select } from "./input"

interface ActionCardProps {
  actions: ActionDefinition[]
  action: ActionDefinition | undefined
  version: string
  settings: Texts
  onVersion: (version: string) => void
  onAction: (name: string) => void
  onSetting: (name: string, value: string) => void
}

/** The choice of an action, what it says about itself, and its settings. */
export function ActionCard(props: ActionCardProps) {
  const { actions, action, version, settings, onVersion, onAction, onSetting } = props
  return (
    <section class="card" aria-labelledby="action-title">
      <h2 id="action-title">1. Action</h2>
      <Select
        label="Action" value={action?.name ?? ""} onChange={onAction}
        options={actions.map(({ name, label }) => ({ name, label }))}
      />
      <VersionInput version={version} onVersion={onVersion} />
      {action === undefined ? null : <Definition action={action} />}
      {action === undefined || action.params.length === 0 ? null : (
        <fieldset>
          <legend>Settings, as an administrator makes them</legend>
          {action.params.map((param) => (
            <Input
              key={`${action.name} ${param.name}`} label={param.label} value={settings[param.name] ?? ""}
              type={param.sensitive ? "password" : "text"} isRequired={param.required} hint={<Hint param={param} />}
              onInput={(value) => onSetting(param.name, value)}
            />
          ))}
        </fieldset>
      )}
    </section>
  )
}

function VersionInput({ version, onVersion }: { version: string, onVersion: (version: string) => void }) {
  return (
    <Input
      label="Version of Looker" value={version} onInput={() => undefined} onChange={onVersion}
      hint="Actions that need a newer one are not offered."
    />
  )
}

function Definition({ action }: { action: ActionDefinition }) {
  const { icon_data_uri: icon, label, description, supported_action_types: types } = action
  const facts: [string, string[]][] = [
    ["Types", types],
    ["Formats", action.supported_formats ?? ["all"]],
    ["Formattings", action.supported_formattings ?? []],
    ["Visualization formattings", action.supported_visualization_formattings ?? []],
    ["Data comes", action.supported_download_settings.map((way) => way === "url" ? "by a one-time URL" : "pushed")],
    ["Required tags", (action.required_fields ?? []).map(tagsOf)],
    ["Login", [...(action.uses_oauth ? ["OAuth"] : []), ...(action.delegate_oauth ? ["delegated OAuth"] : [])]],
  ]
  return (
    <div class="definition">
      {icon === null || !icon.startsWith("data:image/") ? null : <img class="icon" src={icon} alt="" />}
      <div>
        <p><strong>{label}</strong></p>
        <p>{description}</p>
        <dl class="facts">
          {facts.filter(([, values]) => values.length > 0).map(([name, values]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{values.map((value) => <span key={value} class="badge">{value}</span>)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  )
}

function tagsOf(
  { tag, any_tag: any, all_tags: all }: { tag?: string, any_tag?: string[], all_tags?: string[] },
): string {
  return tag ?? (any !== undefined ? `any of ${any.join(", ")}` : `all of ${(all ?? []).join(", ")}`)
}

function Hint({ param }: { param: ActionParameter }) {
  return (
    <>
      {param.description}
      {param.per_user === true ? <span class="badge">for each user</span> : null}
      {param.user_attribute_name === undefined ? null :
        <span class="badge">user attribute {param.user_attribute_name}</span>}
    </>
  )
}
