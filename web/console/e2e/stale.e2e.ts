import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { password, until } from './center'
import { House } from './house'
import { expectToLookRight } from './looks'

const house = new House()

/** Writes a wrap-up, without sending it. */
async function write(page: Page, reason: string, notes: string) {
  await page.locator('.wrapup input').first().fill(reason)
  await page.locator('.wrapup textarea').fill(notes)
}

const notesOf = (page: Page) => page.locator('.wrapup textarea').inputValue()

const send = (page: Page) => page.keyboard.press('Control+Enter')

// Two browsers, so that they do not share their drafts as two tabs of one do.
describe.each([
  {
    language: 'zh', agent: '1001', number: '13800000004', told: '您已在别的窗口于', overwrite: '用这里的覆盖', drop: '放弃这里的', leave: '退出',
  },
  {
    language: 'en', agent: '1003', number: '13800000010', told: 'You wrote this about the call in another window at', overwrite: 'Replace it with this', drop: 'Discard this',
    leave: 'Sign out',
  },
] as const)('one call, written about in two windows, in $language', ({ language, agent, number, told, overwrite, drop, leave }) => {
  test('the second is told what the first wrote, and loses nothing', async () => {
    const { phones } = house.center
    await phones.tell(`register ${agent} ${password}`)
    const one = (await house.enter(agent, { language })).page
    const other = (await house.enter(agent, { language })).page
    await other.locator('.own.state-available').waitFor()
    await house.center.call(number)
    await phones.tell(`answer ${agent}`)
    for (const page of [one, other]) await page.locator('.own.state-talking').waitFor()
    await write(other, '投诉', 'the second')
    await write(one, '下单', 'the first\nin two lines')
    await phones.tell(`hangup ${number}`)
    await one.locator('.own.state-wrapup').waitFor()
    await send(one)
    await one.locator('.today-reason').getByText('下单').waitFor()

    const conflict = other.locator('.conflict')
    await conflict.getByText(told).waitFor()
    await conflict.getByText('the first in two lines').waitFor()
    await expectToLookRight(other, 'a wrap-up that somebody else wrote')
    await send(other) // chooses nothing
    expect(await notesOf(other)).toBe('the second')
    await other.reload()
    await conflict.waitFor()
    expect(await notesOf(other)).toBe('the second')
    await conflict.getByRole('button', { name: overwrite }).click()
    await conflict.waitFor({ state: 'detached' })
    await one.locator('.today-reason').getByText('投诉').waitFor()

    // Both change what is written now; one has no connection that would tell it of the other, nor of the end of the wrap-up.
    await one.locator('.own.state-available').waitFor()
    await one.route('**/api/v1/events', (r) => r.fulfill({ status: 503 }))
    await one.reload()
    await one.locator('.bar-lost').waitFor()
    await other.locator('.today-reason').click()
    await until(async () => (await notesOf(other)) === 'the second')
    await one.locator('.today-reason').click()
    await until(async () => (await notesOf(one)) === 'the second')
    await one.locator('.wrapup textarea').fill('the second, changed')
    await other.locator('.wrapup textarea').fill('changed by the second')
    await send(other)
    await until(async () => (await notesOf(other)) === '')
    const refused = one.waitForResponse((r) => r.status() === 409)
    await send(one)
    await refused
    await one.locator('.conflict').getByText('changed by the second').waitFor()
    expect(await notesOf(one)).toBe('the second, changed')
    await one.locator('.conflict').getByRole('button', { name: drop }).click()
    await one.locator('.conflict').waitFor({ state: 'detached' })
    await until(async () => (await notesOf(one)) === '')
    await other.getByRole('button', { name: leave }).click() // the calls of the next test are not for this agent
  })
})

test('two tabs of one browser share what is not sent, and one sends it for both', async () => {
  const { phones } = house.center
  await phones.tell(`register 1002 ${password}`)
  const { page: one } = await house.enter('1002')
  const other = await one.context().newPage()
  await other.goto(house.center.url)
  await other.locator('.own.state-available').waitFor()
  await house.center.call('13800000003')
  await phones.tell('answer 1002')
  for (const page of [one, other]) await page.locator('.own.state-talking').waitFor()
  await write(one, '投诉', '两盒')
  await until(async () => (await notesOf(other)) === '两盒')
  await phones.tell('hangup 13800000003')
  await other.locator('.own.state-wrapup').waitFor()
  await send(other)
  await one.locator('.today-reason').getByText('投诉').waitFor()
  await until(async () => (await notesOf(one)) === '')
  expect(await one.locator('.conflict').count()).toBe(0)
  await other.close()
})
