import { createSocket } from 'node:dgram'
import { beforeAll, describe, expect, test } from 'vitest'
import { House } from './house'
import { expectToLookRight } from './looks'

const house = new House()

// Who is trusted is no stranger, and is not kept out.
beforeAll(() => house.center.change((text) => text.replace(/^trusted:\n(  - .*\n)*/m, '')))

/** Sends what is no SIP to the phones' door, as a scanner does: more than it bears, less than it bears twice. */
const scan = () =>
  new Promise<void>((done) => {
    const socket = createSocket('udp4')
    for (let i = 0; i < 40; i++) socket.send('knock knock\r\n\r\n', house.center.sip, '127.0.0.1')
    socket.send('', house.center.sip, '127.0.0.1', () => socket.close(done))
  })

describe.each([
  { language: 'zh', fault: '无效消息', lift: '解除', none: '目前没有被封禁的来源' },
  { language: 'en', fault: 'Junk messages', lift: 'Let in', none: 'Nobody is kept out' },
] as const)('a scanner, in $language', ({ language, fault, lift, none }) => {
  test('is seen to be kept out, and let in again', async () => {
    const { page } = await house.enter('sup', { language })
    await page.goto(`${house.center.url}/lines`)
    await page.getByText(none).waitFor()
    await expectToLookRight(page, 'nobody kept out')
    const row = page.locator('.lines tbody tr', { hasText: '127.0.0.1' })
    await scan()
    await row.getByText(fault, { exact: true }).waitFor()
    expect(await row.getByRole('timer').textContent()).toMatch(/^[345]:\d\d$/)
    await expectToLookRight(page, 'somebody kept out')
    await row.getByRole('button').click()
    await page.getByRole('dialog').getByRole('button', { name: lift, exact: true }).click()
    await page.getByText(none).waitFor()
  })
})
