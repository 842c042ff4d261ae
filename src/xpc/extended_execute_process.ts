/** The same program as {@link file://./execute_process.ts}, under the name that importers of extended actions know. */
import "./execute_process"
