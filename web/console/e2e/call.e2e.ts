import type { Locator } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { password, until } from './center'
import { House } from './house'
import { expectToLookRight } from './looks'

const house = new House()

/** How many of a queue's callers were in time today, and of how many; [0, 0] while there are none. */
async function inTime(queue: Locator): Promise<number[]> {
  const cell = queue.locator('.in-time .quiet')
  if ((await cell.count()) === 0) return [0, 0]
  return ((await cell.textContent()) ?? '').match(/\d+/g)?.map(Number) ?? []
}

describe.each([
  { language: 'zh', available: '空闲', reason: '投诉', play: '播放', good: '达标', leave: '退出', number: '13800000004', key: '1', queue: 'sales', agent: '1001', why: /\(1001\).*[\u4e00-\u9fff]/ },
  { language: 'en', available: 'Available', reason: '下单', play: 'Play', good: 'Good', leave: 'Sign out', number: '13800000010', key: '2', queue: 'support', agent: '1004', why: /\(1004\).*[a-z]{3}/ },
] as const)('a call in $language', ({ language, available, reason, play, good, leave, number, key, queue, agent, why }) => {
  test('from the pop to the wrap-up, the board and the player', async () => {
    const { center } = house
    await center.phones.tell(`register ${agent} ${password}`)
    const desk = await house.enter(agent, { language })
    const board = await house.enter('sup', { language })
    const row = board.page.locator(`tr[data-row-key="${agent}"]`)
    const counted = board.page.locator(`tr[data-row-key="${queue}"]`)
    const own = desk.page.locator('.own')
    await own.getByRole('heading', { name: available }).waitFor()
    await row.locator('.state-available').waitFor()
    const [answered = 0, all = 0] = await inTime(counted)

    await center.callHotline(number, key)
    await desk.page.locator('.pop-head.state-offered .vip, .pop-head.state-offered h2').first().waitFor()
    expect(await desk.page.locator('.pop-number').textContent()).toBe(number.replace(/(...)(....)(....)/, '$1 $2 $3'))
    await desk.page.locator('.pop-part li').first().waitFor()
    await row.locator('.state-offered').waitFor()
    await expectToLookRight(desk.page, 'the desk that is rung')

    await center.phones.tell(`answer ${agent}`)
    await desk.page.locator('.pop-head.state-talking').waitFor()
    await row.locator('.state-talking').waitFor()
    await until(async () => (await inTime(counted)).join() === [answered + 1, all + 1].join()) // without a reload
    await counted.getByText(good).waitFor()
    await desk.page.locator('.chips').getByText(reason, { exact: true }).click()
    await desk.page.locator('textarea').fill('<b>two boxes</b> & 两盒')
    await desk.page.keyboard.press('?') // is typed, and no hotkey
    await desk.page.keyboard.press('Backspace')
    await desk.page.reload() // loses nothing
    await desk.page.locator('.pop-head.state-talking').waitFor()
    await desk.page.locator('.pop-part li').first().waitFor()
    await until(async () => (await desk.page.locator('textarea').inputValue()) === '<b>two boxes</b> & 两盒')
    await expectToLookRight(desk.page, 'the desk that talks')
    await expectToLookRight(board.page, 'the board with a talk')

    await new Promise((wake) => setTimeout(wake, 3000)) // something to listen to
    await center.phones.tell(`hangup ${number}`)
    await desk.page.locator('.own.state-wrapup').waitFor()
    const left = desk.page.locator('.wrapup-note [role=timer]')
    const shown = await left.textContent()
    expect(shown).toMatch(/^0:[0-3]\d$/)
    await until(async () => ((await left.textContent()) ?? '') < (shown ?? ''))
    await desk.page.keyboard.press('Control+Enter')
    await desk.page.locator('.own.state-available').waitFor()
    await desk.page.locator('.today-reason').getByText(reason).first().waitFor()
    await row.locator('.state-available').waitFor()

    const qa = await house.enter('qa', { language })
    await qa.page.goto(`${center.url}/calls?number=${number}`)
    await qa.page.locator('tbody tr[data-row-key] a').first().click()
    await qa.page.locator('.facts').getByText('<b>two boxes</b> & 两盒').waitFor()
    await qa.page.locator('.strip-part.phase-talk').first().waitFor()
    await qa.page.locator('.timeline-why').getByText(why).first().waitFor()
    await expectToLookRight(qa.page, 'the player')
    await qa.page.getByRole('button', { name: play, exact: true }).click()
    const position = async () => Number((await qa.page.locator('.player-time').textContent())?.match(/0:(\d\d) \//)?.[1])
    await until(async () => (await position()) >= 1)
    await qa.page.locator('.timeline').click() // the keys are the page's again
    await qa.page.keyboard.press('Space')
    const paused = await position()
    await qa.page.keyboard.press('ArrowRight')
    await until(async () => (await position()) > paused)
    await expectToLookRight(qa.page, 'the player, playing')
    await desk.page.getByRole('button', { name: leave }).click()
  })
})
