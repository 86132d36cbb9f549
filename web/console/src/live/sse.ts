export interface Message {
  event: string
  data: string
}

/** Reads server-sent events from pieces of text (HTML Living Standard, section 9.2). */
export class Reader {
  private rest = ''
  private event = ''
  private data: string[] = []
  /** The id that the last event came with; the server is told it when the connection is made anew. */
  lastID = ''

  push(text: string): Message[] {
    const lines = (this.rest + text).split('\n')
    this.rest = lines.pop() ?? ''
    const found: Message[] = []
    for (const line of lines) {
      const message = this.line(line.endsWith('\r') ? line.slice(0, -1) : line)
      if (message) found.push(message)
    }
    return found
  }

  private line(line: string): Message | undefined {
    if (line === '') return this.end()
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') this.event = value
    if (field === 'data') this.data.push(value)
    if (field === 'id') this.lastID = value
    return undefined
  }

  private end(): Message | undefined {
    const message = { event: this.event || 'message', data: this.data.join('\n') }
    const empty = this.data.length === 0
    this.event = ''
    this.data = []
    return empty ? undefined : message
  }
}
