import { describe, expect, test } from 'vitest'
import { password, until } from './center'
import { callOf } from './handset'
import { House } from './house'
import { expectToLookRight } from './looks'

const house = new House()

describe.each([
  { language: 'zh', agent: '1001', name: '王芳', number: '13800000004', queue: 'sales', show: '查看信令', leave: '退出' },
  { language: 'en', agent: '1004', name: '赵敏', number: '13800000010', queue: 'complaint', show: 'Show messages', leave: 'Sign out' },
] as const)('the ladder in $language', ({ language, agent, name, number, queue, show, leave }) => {
  test('shows every message of a call, between whom it went, and its text without secrets', async () => {
    const { center } = house
    await center.phones.tell(`register ${agent} ${password}`)
    const { page: desk } = await house.enter(agent, { language })
    await desk.locator('.own.state-available').waitFor()
    await center.call(number, queue)
    await center.phones.tell(`answer ${agent}`)
    await desk.locator('.pop-head.state-talking').waitFor()
    const call = await callOf(desk, agent)

    const { page } = await house.enter('qa', { language })
    await page.goto(`${center.url}/calls/${call}`)
    await page.getByRole('button', { name: show }).click()
    const rungs = page.locator('.ladder-rung')
    await rungs.first().waitFor()
    const said = async () => (await rungs.locator('.ladder-arrow').allTextContents()).join('\n')
    expect(await said()).toMatch(/^INVITE[^]*180 Ringing[^]*200 OK/)
    expect(await page.locator('.ladder-heads b').allTextContents()).toEqual([number, 'Threering', name])
    const text = page.locator('.ladder-text')
    expect(await text.textContent()).toMatch(/^INVITE sip:/)
    await rungs.first().focus()
    await page.keyboard.press('ArrowDown')
    await until(async () => ((await text.textContent()) ?? '').startsWith('SIP/2.0 '))
    await expectToLookRight(page, 'the ladder')

    const before = await rungs.count()
    await center.phones.tell(`hangup ${number}`)
    await until(async () => (await rungs.count()) > before && (await said()).includes('BYE')) // without a reload
    for (let i = 0; i < (await rungs.count()); i++) {
      await rungs.nth(i).click()
      expect(await text.textContent()).not.toMatch(/response="[0-9a-f]/)
    }

    await desk.goto(`${center.url}/calls/${call}`)
    await desk.locator('.timeline li').first().waitFor()
    expect(await desk.locator('.ladder').count()).toBe(0) // is not for agents
    await desk.getByRole('button', { name: leave, exact: true }).click()
  })
})
