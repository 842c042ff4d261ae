/** The program of an execute process, with an action that misbehaves on demand. */
import "./probe_action"

export { default } from "../../src/xpc/execute_process"
