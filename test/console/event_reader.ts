/** An event as it arrived. */
export interface ReceivedEvent {
  event: string
  data: Record<string, unknown>
}

/** Reads server-sent events as a browser does, one after the other. */
export class EventReader {
  private readonly reader: ReadableStreamDefaultReader<string>
  private text = ""

  constructor(response: Response) {
    if (response.body === null) {
      throw new Error("There is nothing to read.")
    }
    this.reader = response.body.pipeThrough(new TextDecoderStream() as never).getReader() as typeof this.reader
  }

  /** Returns the next event of that name; undefined at the end of the stream. */
  async next(name: string): Promise<ReceivedEvent["data"] | undefined> {
    for (;;) {
      const border = this.text.indexOf("\n\n")
      if (border < 0) {
        const { done, value } = await this.reader.read()
        if (done) {
          return undefined
        }
        this.text += value
        continue
      }
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(this.text.slice(0, border)) ?? []
      this.text = this.text.slice(border + 2)
      if (event === name) {
        return JSON.parse(data) as ReceivedEvent["data"]
      }
    }
  }

  async cancel(): Promise<void> {
    await this.reader.cancel()
  }
}
