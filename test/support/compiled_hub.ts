// eslint-disable-next-line @typescript-eslint/no-require-imports -- a script, which is JavaScript
const buildWhenStale = require("../../scripts/build_when_stale") as () => void

/**
 * Some tests start the compiled hub, and compile it if that is due. Workers would do so at the same time and in each
 * other's way, so that it is done before there are any.
 */
export function mochaGlobalSetup(this: Mocha.Runner & { isParallelMode: () => boolean }): void {
  if (this.isParallelMode()) {
    buildWhenStale()
  }
}
