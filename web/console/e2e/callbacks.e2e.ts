import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { until } from './center'
import { House } from './house'
import { expectToBeReadable, expectToLookRight } from './looks'

const house = new House()

/** A carrier in the place of the trusted networks, which calls back those who would wait for a minute; nobody is at its other end. */
const carrier = `trunks:
  - name: city
    servers: ["sip:127.0.0.1:9"]
    keepalive: 0s
    numbers: ["010-66557701"]
    out: {callbacks: true, calls: 2, destinations: [{prefix: "+86", price: 0.12}], spend: 10}
`

beforeAll(() =>
  house.center.change((text) =>
    text.replace(/^trusted:\n(  - .*\n)*/m, carrier).replace(/^  - name: sales\n/m, '$&    tell: {position: true}\n    callback: {over: 1m}\n'),
  ),
)

const words = {
  zh: { missed: '未接待的来电', nobody: '目前没有人等待回电', abandoned: '排队放弃', turn: '轮候中', first: '坐席', drop: '取消回电', number: '13900005601', shown: '139 0000 5601' },
  en: { missed: 'Missed callers', nobody: 'Nobody is to be called back', abandoned: 'Abandoned', turn: 'In turn', first: 'Agent', drop: 'Drop', number: '13900005602', shown: '139 0000 5602' },
}
const languages = ['zh', 'en'] as const
const gone = { number: '13900005603', shown: '139 0000 5603' }

const waitingOf = (page: Page, shown: string) => page.locator('.callbacks-waiting tbody tr', { hasText: shown })
const missedOf = (page: Page, shown: string) => page.locator('.callbacks-missed tbody tr', { hasText: shown })

const patience = 240_000 // ms; callers are told twice
const toldWithin = 40_000 // ms; nobody is told anything before 20 s

/** Waits until a caller was told where they stand. */
const told = (page: Page, number: string, offered: boolean) =>
  expect
    .poll(
      async () => {
        const { calls } = await (await page.request.get(`${house.center.url}/api/v1/calls?number=${number}`)).json()
        const { timeline } = await (await page.request.get(`${house.center.url}/api/v1/calls/${calls[0].id}`)).json()
        const entry = timeline.find((e: { kind: string }) => e.kind === 'wait.told')
        return entry && Boolean(entry.offered)
      },
      { timeout: toldWithin, interval: 100 },
    )
    .toBe(offered)

test('who hangs up waiting is missed, and can be called back; who wants to be called back waits, and can be dropped', async () => {
  const { center } = house
  const pages = { zh: (await house.enter('sup')).page, en: (await house.enter('admin', { language: 'en' })).page }
  const { page: board } = await house.enter('sup', { language: 'en' })
  const agent = board.locator('tr[data-row-key="1001"]')
  await agent.getByRole('combobox').selectOption('break') // where nobody is there at all, nobody waits
  await agent.locator('.state-break').waitFor()
  for (const language of languages) {
    await pages[language].goto(`${center.url}/callbacks`)
    await pages[language].getByRole('heading', { name: words[language].missed }).waitFor()
    await pages[language].getByText(words[language].nobody).waitFor()
  }

  await center.call(gone.number) // from whom the queue learns how slow it is
  await told(pages.zh, gone.number, false)
  for (const language of languages) await center.call(words[language].number)
  await center.phones.tell(`hangup ${gone.number}`)
  for (const language of languages) {
    const row = missedOf(pages[language], gone.shown)
    await row.getByText(words[language].abandoned).waitFor()
    await row.getByText(/^0:2\d$/).waitFor()
    await expectToLookRight(pages[language], `a missed caller, in ${language}`)
  }

  for (const language of languages) await told(pages[language], words[language].number, true)
  for (const language of languages) {
    const { number, shown, turn, first } = words[language]
    await center.phones.tell(`press ${number} 1`) // to be called back
    await center.phones.tell(`press ${number} 1`) // at this number
    await center.phones.tell(`gone ${number}`)
    const row = waitingOf(pages[language], shown)
    await row.getByText(turn).waitFor()
    await row.getByText(first, { exact: true }).waitFor()
  }
  const owed = board.locator('tr[data-row-key="sales"] a')
  await until(async () => (await owed.textContent()) === '2')
  await expectToLookRight(board, 'the board, with callbacks')

  for (const language of languages) {
    const { shown, drop, nobody } = words[language]
    const page = pages[language]
    await expectToLookRight(page, `who is to be called back, in ${language}`)
    const dropping = waitingOf(page, shown).getByRole('button')
    const dialog = page.getByRole('dialog')
    await dropping.press('Enter')
    await expectToBeReadable(page, `whether to drop a callback, in ${language}`)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await dropping.evaluate((b) => b === document.activeElement)).toBe(true)
    await dropping.press('Enter')
    await dialog.getByRole('button', { name: drop, exact: true }).press('Enter')
    for (const other of languages) await waitingOf(pages[other], shown).waitFor({ state: 'detached' })
    if (language === 'en') await page.getByText(nobody).waitFor()
  }
  await owed.waitFor({ state: 'detached' })
  expect(await missedOf(pages.en, words.zh.shown).count()).toBe(0) // they were taken care of
  await missedOf(pages.en, gone.shown).getByRole('button', { name: 'Call 139 0000 5603 back' }).press('Enter')
  for (const language of languages) {
    await waitingOf(pages[language], gone.shown).getByText(words[language].turn).waitFor()
    await missedOf(pages[language], gone.shown).waitFor({ state: 'detached' })
  }
  await until(async () => (await owed.textContent()) === '1')
  await waitingOf(pages.en, gone.shown).getByRole('link').click()
  await pages.en.locator('.facts').waitFor()
}, patience)
