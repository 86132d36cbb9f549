import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, type Page, chromium } from 'playwright-core'
import { type Center, password } from './center'

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required',
]

export interface Look {
  language?: 'zh' | 'en'
  width?: number
  height?: number
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

  static async open({ language = 'zh', width = 1366, height = 768 }: Look = {}): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), 'threering-browser-'))
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      headless: true,
      args: flags,
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

  async close() {
    await this.context.close()
    rmSync(this.profile, { recursive: true, force: true })
  }
}
