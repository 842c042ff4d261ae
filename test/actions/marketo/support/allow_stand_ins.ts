/** Lets actions that read the environment themselves reach stand-ins on this machine, for each test of a suite. */
export function allowStandIns(): void {
  let before: string | undefined

  beforeEach(() => {
    before = process.env.MARKETO_ALLOWED_HOSTS
    process.env.MARKETO_ALLOWED_HOSTS = "127.0.0.1"
  })

  afterEach(() => {
    if (before === undefined) {
      delete process.env.MARKETO_ALLOWED_HOSTS
    } else {
      process.env.MARKETO_ALLOWED_HOSTS = before
    }
  })
}
