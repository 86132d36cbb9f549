import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { Browser, type Look } from './browser'
import { Center } from './center'

/** A center for the tests of a file, and browsers that are closed after each of them; none may have complained. */
export class House {
  center!: Center
  readonly open: Browser[] = []

  constructor() {
    beforeAll(async () => {
      this.center = await Center.start()
    })
    afterAll(() => this.center.stop())
    afterEach(async ({ task }) => {
      const browsers = this.open.splice(0)
      if (task.result?.state === 'fail') for (const b of browsers) console.error(await b.seen())
      await Promise.all(browsers.map((b) => b.close()))
      expect(browsers.flatMap((b) => b.complaints)).toEqual([])
    })
  }

  /** Opens the console in a browser of its own, and signs in where a name is given. */
  async enter(name?: string, look: Look = {}) {
    const b = await Browser.open(look)
    this.open.push(b)
    if (name) await b.signIn(this.center, name)
    else await b.page.goto(this.center.url)
    return b
  }
}
