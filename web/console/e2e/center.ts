import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export const password = 'three-rings-in-a-browser'

const repository = join(import.meta.dirname, '../../..')
const patience = 20_000

const ranges = { low: 30000, ports: 50, count: 54 } // above the phones' ports, below those that the system gives away

/** A range of ports for the audio that no other server on this machine has: each holds the first of its own. */
async function audioPorts(): Promise<string> {
  const from = Math.floor(Math.random() * ranges.count)
  for (let i = 0; i < ranges.count; i++) {
    const low = ranges.low + ((from + i) % ranges.count) * ranges.ports
    if (await isFree(low)) return `${low}-${low + ranges.ports - 1}`
  }
  throw new Error('no ports are left for the audio')
}

/** Numbers that lead straight into a queue, beside the hotline with its greeting. */
const direct = { sales: '401', support: '402', complaint: '403', operator: '404' }

type QueueName = keyof typeof direct

function addDirect(document: string): string {
  const all = Object.entries(direct)
  const numbers = all.map(([queue, number]) => `  - {number: "${number}", flow: only-${queue}}\n`)
  const flows = all.map(([queue]) => `  only-${queue}: {start: q, steps: {q: {queue: ${queue}, next: bye, otherwise: bye}, bye: {hangup: normal}}}\n`)
  return document.replace(/^numbers:\n/m, `$&${numbers.join('')}`).replace(/^flows:\n/m, `$&${flows.join('')}`)
}

/** A demo center, the real binary, on ports of its own and with an empty data folder. */
export class Center {
  readonly phones: Phones
  private readonly data = mkdtempSync(join(tmpdir(), 'threering-console-'))
  private server?: ChildProcessWithoutNullStreams

  private constructor(
    readonly sip: number,
    private readonly http: number,
    private readonly audio: string,
  ) {
    this.phones = new Phones(`127.0.0.1:${sip}`)
  }

  get url() {
    return `http://127.0.0.1:${this.http}`
  }

  static async start(): Promise<Center> {
    const center = new Center(await freePort(), await freePort(), await audioPorts())
    await center.run()
    await center.change(addDirect)
    return center
  }

  /** Starts the server, also again after a halt. */
  async run() {
    this.server = spawn(process.env['THREERING_BINARY'] ?? join(repository, 'threering'), ['serve'], {
      cwd: this.data,
      env: {
        ...process.env,
        THREERING_SIP_LISTEN: `udp://127.0.0.1:${this.sip},tcp://127.0.0.1:${this.sip}`,
        THREERING_HTTP_LISTEN: `127.0.0.1:${this.http}`,
        THREERING_DATA_DIR: join(this.data, 'var'),
        THREERING_RTP_PORTS: this.audio,
        THREERING_DEMO_PASSWORD: password,
        THREERING_SIP_DRAIN: '0s',
      },
    })
    await until(async () => (await fetch(`${this.url}/readyz`)).ok)
  }

  /** Stops the server; its data and its ports stay its own. */
  async halt() {
    if (this.server) await ended(this.server)
  }

  async stop() {
    await this.phones.stop()
    await this.halt()
    rmSync(this.data, { recursive: true, force: true })
  }

  /** Changes something in the center's document, as an administrator would. */
  async change(edit: (document: string) => string) {
    const body = JSON.stringify({ name: 'admin', password })
    const session = await fetch(`${this.url}/api/v1/session`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })
    const headers = { Cookie: session.headers.getSetCookie()[0] ?? '', 'Content-Type': 'application/yaml' }
    const before = await (await fetch(`${this.url}/api/v1/center`, { headers })).text()
    const after = edit(before)
    if (after === before) throw new Error(`nothing to change in the center's document: ${before}`)
    const answer = await fetch(`${this.url}/api/v1/center`, { method: 'PUT', headers, body: after })
    if (!answer.ok) throw new Error(`the changed document was refused: ${await answer.text()}`)
  }

  /** Somebody calls a queue. */
  async call(number: string, queue: QueueName = 'sales') {
    await this.phones.tell(`dial ${number} ${direct[queue]}`)
  }

  /** Somebody calls the hotline and presses a key. Their phone takes up the greeting first. */
  async callHotline(number: string, key = '1') {
    await this.phones.tell(`dial ${number} 400`)
    await new Promise((wake) => setTimeout(wake, greetingHeard))
    await this.phones.tell(`press ${number} ${key}`)
  }
}

const greetingHeard = 1500 // ms from the answer until a person finds the key

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

function isFree(port: number): Promise<boolean> {
  return new Promise((found) => {
    const probe = createSocket('udp4')
    probe.once('error', () => found(false))
    probe.bind(port, '127.0.0.1', () => probe.close(() => found(true)))
  })
}

/** Waits for something to become true; what it throws meanwhile means: not yet. */
export async function until(is: () => Promise<boolean> | boolean) {
  const end = Date.now() + patience
  for (let last: unknown = 'false'; ; ) {
    const yes = await Promise.resolve()
      .then(is)
      .catch((cause: unknown) => {
        last = cause
        return false
      })
    if (yes) return
    if (Date.now() > end) throw new Error(`not within ${patience} ms: ${is}, at last: ${last}`)
    await new Promise((wake) => setTimeout(wake, 50))
  }
}
