/** The program of an execute process, with the action that tells when it began. */
import "./first_line_action"

export { default } from "../../src/xpc/execute_process"
