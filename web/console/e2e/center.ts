import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export const password = 'three-rings-in-a-browser'

const repository = join(import.meta.dirname, '../../..')
const patience = 20_000

/** A running demo center, the real binary, on ports of its own and with an empty data folder. */
export class Center {
  private constructor(
    readonly url: string,
    readonly phones: Phones,
    private readonly server: ChildProcessWithoutNullStreams,
    private readonly data: string,
  ) {}

  static async start(): Promise<Center> {
    const [sip, http] = [await freePort(), await freePort()]
    const data = mkdtempSync(join(tmpdir(), 'threering-console-'))
    const server = spawn(process.env['THREERING_BINARY'] ?? join(repository, 'threering'), ['serve'], {
      cwd: data,
      env: {
        ...process.env,
        THREERING_SIP_LISTEN: `udp://127.0.0.1:${sip},tcp://127.0.0.1:${sip}`,
        THREERING_HTTP_LISTEN: `127.0.0.1:${http}`,
        THREERING_DATA_DIR: join(data, 'var'),
        THREERING_RTP_PORTS: '32000-32999',
        THREERING_DEMO_PASSWORD: password,
      },
    })
    const url = `http://127.0.0.1:${http}`
    await until(async () => (await fetch(`${url}/readyz`)).ok)
    return new Center(url, new Phones(`127.0.0.1:${sip}`), server, data)
  }

  async stop() {
    await this.phones.stop()
    await ended(this.server)
    rmSync(this.data, { recursive: true, force: true })
  }
}

/** The telephones of a test: see phones/main.go for what they can be told. */
export class Phones {
  private readonly process: ChildProcessWithoutNullStreams
  private readonly waiting: { done: () => void; failed: (why: Error) => void }[] = []

  constructor(server: string) {
    this.process = spawn(process.env['THREERING_PHONES'] ?? join(repository, 'build/phones'), [server])
    createInterface(this.process.stdout).on('line', (line) => {
      const next = this.waiting.shift()
      if (line === 'ok') next?.done()
      else next?.failed(new Error(line))
    })
  }

  /** Tells them what to do, and waits until it is done. */
  tell(line: string): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ done, failed })
      this.process.stdin.write(line + '\n')
    })
  }

  async stop() {
    this.process.stdin.end()
    await ended(this.process)
  }
}

function ended(process: ChildProcessWithoutNullStreams): Promise<void> {
  return new Promise((done) => {
    if (process.exitCode !== null) return done()
    process.once('exit', () => done())
    process.kill('SIGTERM')
  })
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer()
    probe.once('error', failed)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => found(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** Waits for something to become true; what it throws meanwhile means: not yet. */
export async function until(is: () => Promise<boolean> | boolean) {
  const end = Date.now() + patience
  for (;;) {
    if (await Promise.resolve().then(is).catch(() => false)) return
    if (Date.now() > end) throw new Error(`not within ${patience} ms: ${is}`)
    await new Promise((wake) => setTimeout(wake, 50))
  }
}
