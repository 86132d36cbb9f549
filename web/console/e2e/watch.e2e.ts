import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { password, until } from './center'
import { condition, voice } from './handset'
import { House } from './house'
import { expectToLookRight } from './looks'

const house = new House()
const tones = { agent: 440, caller: 1000, supervisor: 700 } // Hz

const rowOf = (board: Page, agent: string) => board.locator(`.board-agents tr[data-row-key="${agent}"]`)
const watchOf = (board: Page, agent: string, label: RegExp) => rowOf(board, agent).getByRole('combobox', { name: label })
const waitingOf = (board: Page, number: string): Locator => board.locator('.waiting li', { hasText: number })

/** The desk of an agent whose phone is a telephone. */
async function desk(agent: string, language: 'zh' | 'en' = 'zh') {
  await house.center.phones.tell(`register ${agent} ${password}`)
  const { page } = await house.enter(agent, { language })
  await page.locator('.own.state-available').waitFor()
  return page
}

describe.each([
  { language: 'zh', agent: '1001', number: '13800000004', join: /^介入/, rings: '您的话机正在振铃', help: '求助', whisper: '耳语', leave: '退出', queue: 'sales' },
  { language: 'en', agent: '1004', number: '13800000010', join: /^Take part/, rings: 'Your phone rings', help: 'Help wanted', whisper: 'Whisper', leave: 'Sign out', queue: 'complaint' },
] as const)('help, in $language', ({ language, agent, number, join, rings, help, whisper, leave, queue }) => {
  test('is seen on the board, and comes by listening, whispering and barging in', async () => {
    const { phones } = house.center
    const page = await desk(agent, language)
    const { page: board } = await house.enter('sup', { language })
    await phones.tell(`register sup ${password}`)
    await house.center.call(number, queue)
    await phones.tell(`answer ${agent}`)
    await page.locator('.pop-head.state-talking').waitFor()

    await phones.tell(`hears ${number} ${tones.agent}`)
    await page.keyboard.press('Shift+H')
    await page.locator('.talk-help input').fill('<b>angry</b> 退款')
    await expectToLookRight(page, 'asking for help')
    await page.keyboard.press('Enter')
    await page.locator('.talk-asked').waitFor()
    await rowOf(board, agent).locator('.board-help').getByText('<b>angry</b> 退款').waitFor()
    expect(await board.locator('.board-agents tbody tr').first().getAttribute('data-row-key')).toBe(agent)
    await until(async () => (await board.title()).includes(help))
    await expectToLookRight(board, 'help wanted')

    const watch = watchOf(board, agent, join)
    await watch.selectOption('listen')
    await board.getByText(rings).waitFor()
    await phones.tell('answer sup')
    await phones.tell(`says sup ${tones.supervisor}`)
    await until(async () => (await watch.inputValue()) === 'listen')
    await phones.tell(`among sup ${tones.agent}`)
    await phones.tell(`among sup ${tones.caller}`)
    await phones.tell(`hears ${agent} ${tones.caller}`) // and nobody else
    await rowOf(board, agent).locator('.board-help').waitFor({ state: 'detached' })
    await expectToLookRight(board, 'listening')

    await watch.selectOption('whisper')
    await phones.tell(`among ${agent} ${tones.supervisor}`)
    await page.locator('.talk-watcher').getByText(whisper).waitFor()
    await phones.tell(`hears ${number} ${tones.agent}`) // and not the supervisor
    await expectToLookRight(page, 'a whisper')

    await watch.selectOption('barge')
    await phones.tell(`among ${number} ${tones.supervisor}`)
    await phones.tell(`among ${number} ${tones.agent}`)

    await watch.selectOption('leave')
    await phones.tell('gone sup')
    await phones.tell(`hears ${agent} ${tones.caller}`)
    await phones.tell(`hears ${number} ${tones.agent}`)
    await until(async () => (await watch.inputValue()) === '')
    await phones.tell(`hangup ${number}`)
    await page.locator('.own.state-wrapup').waitFor()
    await page.getByRole('button', { name: leave, exact: true }).click()
  })
})

test('who listens by the phone in the browser need not pick up, and whispers to the agent alone', async () => {
  const { phones } = house.center
  const { page: board } = await house.enter('sup', { hears: voice })
  await board.getByRole('switch').click()
  await condition(board, '就绪')
  const page = await desk('1002')
  await house.center.call('13800000003', 'support')
  await phones.tell('answer 1002')
  await watchOf(board, '1002', /^介入/).selectOption('whisper')
  await phones.tell(`among 1002 ${voice}`)
  await phones.tell(`hears 13800000003 ${tones.agent}`)
  await expectToLookRight(board, 'the board with a phone')
  await phones.tell('hangup 13800000003')
  await condition(board, '就绪')
  await page.locator('.own.state-wrapup').waitFor()
  await page.getByRole('button', { name: '退出', exact: true }).click()
})

test('who waits is put first, moved, or given to somebody', async () => {
  const { center } = house
  const { phones } = center
  const { page: board } = await house.enter('sup')
  const first = await desk('1001')
  const calls = { first: '13800000004', second: '13800000003', third: '13800000010' }
  await center.call(calls.first)
  await phones.tell('answer 1001')
  await first.locator('.pop-head.state-talking').waitFor()
  await center.call(calls.second)
  await center.call(calls.third)
  const [second, third] = [waitingOf(board, '138 0000 0003'), waitingOf(board, '138 0000 0010')]
  await third.getByRole('combobox').selectOption('priority 20')
  await third.getByText('紧急').first().waitFor()
  await expectToLookRight(board, 'who waits, with a priority')
  await phones.tell(`hangup ${calls.first}`)
  await first.locator('.own.state-wrapup').waitFor()
  await first.keyboard.press('F2')
  await first.locator('.pop-head.state-offered').waitFor()
  expect(await first.locator('.pop-number').textContent()).toBe('138 0000 0010') // though the other has waited longer
  await phones.tell('answer 1001')
  await phones.tell(`hears ${calls.third} ${tones.agent}`)

  const other = await desk('1004')
  await second.getByRole('combobox').selectOption('move support')
  await other.locator('.pop-head.state-offered').waitFor()
  await phones.tell('answer 1004')
  await phones.tell(`hears ${calls.second} ${tones.agent}`)

  await phones.tell(`register 1003 ${password}`)
  const { page: resting } = await house.enter('1003')
  await resting.locator('.own.state-available').waitFor()
  await resting.keyboard.press('F4')
  await resting.locator('.own.state-break').waitFor()
  await center.call('13900001234')
  await waitingOf(board, '139 0000 1234').getByRole('combobox').selectOption('take 1003')
  await resting.locator('.pop-head.state-offered').waitFor()
  await phones.tell('answer 1003')
  await phones.tell(`hears 13900001234 ${tones.agent}`)
  for (const number of [calls.second, calls.third, '13900001234']) await phones.tell(`hangup ${number}`)
  for (const page of [first, other, resting]) await page.getByRole('button', { name: '退出', exact: true }).click()
})

test('a queue is closed and opened, and somebody serves another', async () => {
  const { center } = house
  const { phones } = center
  const { page: board } = await house.enter('sup')
  const closed = board.locator('tr[data-row-key="complaint"]').getByRole('combobox')
  await closed.selectOption('closed')
  await board.locator('tr[data-row-key="complaint"] .queue-closed').waitFor()
  await expectToLookRight(board, 'a closed queue')
  await center.call('13800000003', 'complaint')
  await phones.tell('gone 13800000003')
  await closed.selectOption('open')
  await board.locator('tr[data-row-key="complaint"] .queue-closed').waitFor({ state: 'detached' })

  const page = await desk('1001')
  await rowOf(board, '1001').locator('.seat').click()
  const dialog = board.getByRole('dialog')
  await dialog.getByLabel('投诉', { exact: true }).check()
  await expectToLookRight(board, 'queues and skills')
  await dialog.getByRole('button', { name: '保存' }).click()
  await dialog.waitFor({ state: 'detached' })
  await rowOf(board, '1001').getByText('投诉').waitFor()
  const { page: english } = await house.enter('admin', { language: 'en' })
  await english.goto(`${center.url}/board`)
  for (const [page, served, opened] of [[board, '服务“投诉”队列，第 1 层', '开放'], [english, 'serves 投诉, tier 1', 'opened']] as const) {
    const changed = page.locator('.board-changes')
    await changed.getByText(served).waitFor()
    await changed.getByText(opened, { exact: true }).waitFor()
    await expectToLookRight(page, 'what was changed')
  }
  await center.call('13800000003', 'complaint')
  await page.locator('.pop-head.state-offered').waitFor()
  await phones.tell('answer 1001')
  await phones.tell(`hears 13800000003 ${tones.agent}`)
  await phones.tell('hangup 13800000003')
})
