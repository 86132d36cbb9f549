import { type Message, Reader } from './sse'

export interface Watcher {
  message(m: Message): void
  /** The connection stands, or is lost; the first time, or again. */
  connected(yes: boolean): void
  /** The server does not know the session. */
  refused(): void
}

const silence = 40_000 // the server gives a sign of life every 15 s
const first = 500
const most = 15_000

/** How long to wait before the next try, in milliseconds: twice as long each time, and never all pages at the same moment. */
export const pause = (tries: number, random = Math.random()) =>
  Math.min(most, first * 2 ** Math.min(tries, 10)) * (0.5 + random / 2)

/** Keeps a stream of the server's events open until the signal ends it. What was missed in between comes first. */
export async function watch(path: string, watcher: Watcher, signal: AbortSignal) {
  let lastID = ''
  let tries = 0
  while (!signal.aborted) {
    const reader = new Reader()
    reader.lastID = lastID
    try {
      await follow(path, reader, watcher, signal, () => (tries = 0))
    } catch {
      // Told below: a stream that ends is lost, however it ended.
    }
    lastID = reader.lastID
    if (signal.aborted) return
    watcher.connected(false)
    await sleep(pause(tries++), signal)
  }
}

async function follow(path: string, reader: Reader, watcher: Watcher, signal: AbortSignal, opened: () => void) {
  const cut = new AbortController()
  const quit = () => cut.abort()
  signal.addEventListener('abort', quit)
  let watchdog = setTimeout(quit, silence)
  try {
    const headers = reader.lastID ? { 'Last-Event-ID': reader.lastID } : undefined
    const response = await fetch(path, { headers, signal: cut.signal, cache: 'no-store' })
    if (response.status === 401) watcher.refused()
    if (!response.ok || !response.body) return
    opened()
    watcher.connected(true)
    const body = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (let piece = await body.read(); !piece.done; piece = await body.read()) {
      clearTimeout(watchdog)
      watchdog = setTimeout(quit, silence)
      reader.push(piece.value).forEach((m) => watcher.message(m))
    }
  } finally {
    clearTimeout(watchdog)
    signal.removeEventListener('abort', quit)
    cut.abort()
  }
}

/** Waits, but no longer than until this machine is on the network again or the page is looked at. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((wake) => {
    const done = () => {
      clearTimeout(timer)
      window.removeEventListener('online', done)
      signal.removeEventListener('abort', done)
      wake()
    }
    const timer = setTimeout(done, ms)
    window.addEventListener('online', done)
    signal.addEventListener('abort', done)
  })
}
