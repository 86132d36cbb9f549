import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, type Page, chromium } from 'playwright-core'
import { type Center, password } from './center'

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required',
]

const microphoneFlags = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', '--allow-loopback-in-peer-connection']

export interface Look {
  language?: 'zh' | 'en'
  width?: number
  height?: number
  /** What its microphone hears without end, in hertz. */
  hears?: number
}

/** A browser of somebody's own, with nothing remembered, and what its pages complained of. */
export class Browser {
  readonly complaints: string[] = []

  private constructor(
    private readonly context: BrowserContext,
    private readonly profile: string,
    readonly page: Page,
  ) {
    // A refusal is an answer like others to the pages, but the browser notes each of them.
    page.on('console', (m) => m.type() === 'error' && !m.text().includes('the server responded with a status of') && this.complaints.push(m.text()))
    page.on('pageerror', (e) => this.complaints.push(String(e)))
  }

  static async open({ language = 'zh', width = 1366, height = 768, hears }: Look = {}): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), 'threering-browser-'))
    if (hears) writeFileSync(join(profile, 'microphone.wav'), wave(hears))
    const microphone = hears ? [...microphoneFlags, `--use-file-for-fake-audio-capture=${join(profile, 'microphone.wav')}`] : []
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      headless: true,
      args: [...flags, ...microphone],
      locale: language === 'zh' ? 'zh-CN' : 'en-US',
      viewport: { width, height },
    })
    const page = context.pages()[0] ?? (await context.newPage())
    page.setDefaultTimeout(30_000) // the greeting alone takes a dozen seconds
    return new Browser(context, profile, page)
  }

  /** Opens the console and signs in. */
  async signIn(center: Center, name: string) {
    await this.page.goto(center.url)
    await this.page.locator('input[type=text]').fill(name)
    await this.page.locator('input[type=password]').fill(password)
    await this.page.locator('button[type=submit]').click()
    await this.page.locator('header.top').waitFor()
  }

  /** What its page shows in words, for whoever has to find out why a test failed. */
  async seen(): Promise<string> {
    const text = await this.page.locator('body').innerText({ timeout: 2000 }).catch(String)
    const fields = await this.page.locator('textarea').evaluateAll((all) => all.map((f) => (f as HTMLTextAreaElement).value)).catch(String)
    return `${this.page.url()}\n${text.slice(0, most)}\nwritten: ${JSON.stringify(fields)}`
  }

  async close() {
    await this.context.close()
    rmSync(this.profile, { recursive: true, force: true })
  }
}

const rate = 48_000
const most = 4000 // letters of a page that are told

/** A second of a tone as a WAV file, 16 bits. */
function wave(hz: number): Buffer {
  const file = Buffer.alloc(44 + 2 * rate)
  file.write('RIFF', 0)
  file.writeUInt32LE(36 + 2 * rate, 4)
  file.write('WAVEfmt ', 8)
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20) // PCM
  file.writeUInt16LE(1, 22)
  file.writeUInt32LE(rate, 24)
  file.writeUInt32LE(2 * rate, 28)
  file.writeUInt16LE(2, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36)
  file.writeUInt32LE(2 * rate, 40)
  for (let i = 0; i < rate; i++) file.writeInt16LE(Math.round(16_000 * Math.sin((2 * Math.PI * hz * i) / rate)), 44 + 2 * i)
  return file
}
