import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { password, until } from './center'
import { House } from './house'

const house = new House()

/** Notes in the page when a pop's event comes to it, and when the caller's name is to be seen; milliseconds since 1970. */
async function watch(page: Page, name: string) {
  await page.addInitScript((wanted) => {
    const now = () => performance.timeOrigin + performance.now()
    const seen = { came: [] as number[], shown: [] as number[] }
    Object.assign(window, { seen })
    const decode = TextDecoderStream.prototype
    void decode
    const read = ReadableStreamDefaultReader.prototype.read
    ReadableStreamDefaultReader.prototype.read = async function (this: ReadableStreamDefaultReader<unknown>) {
      const piece = await read.call(this)
      if (typeof piece.value === 'string' && piece.value.includes('event: pop')) seen.came.push(now())
      return piece
    } as typeof read
    let there = false
    new MutationObserver(() => {
      const is = document.querySelector('.pop-head.state-offered h2')?.textContent?.includes(wanted) ?? false
      if (is && !there) seen.shown.push(now())
      there = is
    }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
  }, name)
}

test('the pop is there before the phone rings', async () => {
  const { center } = house
  await center.phones.tell(`register 1001 ${password}`)
  const { page } = await house.enter()
  await watch(page, '刘洋')
  const b = house.open[0]!
  await b.signIn(center, '1001')
  for (let i = 0; i < 6; i++) {
    await page.locator('.own.state-available').waitFor()
    await center.call('13800000004', '1')
    await page.locator('.own.state-offered').waitFor()
    const rung = Number(await center.phones.tell('rung 1001')) / 1000
    const head = await page.locator('.pop-head h2').textContent()
    const seen = await page.evaluate(() => (window as unknown as { seen: { came: number[]; shown: number[] } }).seen)
    console.log(head, 'came', (seen.came.at(-1) ?? NaN) - rung, 'shown', (seen.shown.at(-1) ?? NaN) - rung)
    await center.phones.tell('hangup 13800000004')
  }
})
