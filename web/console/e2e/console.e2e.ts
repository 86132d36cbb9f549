import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Browser, type Look } from './browser'
import { Center, password, until } from './center'

let center: Center
const open: Browser[] = []

beforeAll(async () => {
  center = await Center.start()
})
afterAll(() => center.stop())
afterEach(async () => {
  const browsers = open.splice(0)
  await Promise.all(browsers.map((b) => b.close()))
  expect(browsers.flatMap((b) => b.complaints)).toEqual([])
})

async function enter(name?: string, look: Look = {}) {
  const b = await Browser.open(look)
  open.push(b)
  if (name) await b.signIn(center, name)
  else await b.page.goto(center.url)
  return b
}

describe('the door', () => {
  test('says what is wrong, beside the field', async () => {
    const { page } = await enter()
    await page.getByRole('button', { name: '登录' }).click()
    await page.getByText('请输入工号').waitFor()
    await page.getByText('请输入密码').waitFor()
    await page.getByLabel('工号').fill('1001')
    await page.locator('input[type=password]').fill('wrong')
    await page.keyboard.press('Enter')
    await page.getByText('工号或密码不正确。').waitFor()
    expect(await page.getByLabel('工号').inputValue()).toBe('1001')
  })

  test.each([
    ['1002', '/agent'], ['sup', '/board'], ['qa', '/calls'], ['admin', '/board'],
  ])('lets %s in at %s', async (name, path) => {
    const { page } = await enter(name)
    await page.waitForURL(center.url + path)
    await page.getByRole('button', { name: '退出' }).click()
    await page.getByRole('button', { name: '登录' }).waitFor()
  })

  test('speaks the language of the browser, and another one when asked', async () => {
    const { page } = await enter(undefined, { language: 'en' })
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    await page.getByRole('button', { name: '中文' }).click()
    await page.getByRole('button', { name: '登录' }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: '登录' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
  })

  test.each([
    ['1002', '.own, .ant-picker'], // the calendar comes last
    ['sup', '.board tbody tr'],
    ['qa', '.calls tbody tr'],
  ])('opens to %s after less than 300 KB', async (name, last) => {
    const { page } = await enter(name)
    for (const part of last.split(', ')) await page.locator(part).first().waitFor()
    const bytes = await page.evaluate(() =>
      performance.getEntriesByType('resource').reduce((sum, e) => sum + (e as PerformanceResourceTiming).encodedBodySize, 0),
    )
    expect(bytes).toBeGreaterThan(50_000)
    expect(bytes).toBeLessThan(300_000)
  })
})

describe('every page', () => {
  test.each([1366, 390])('fits into %d pixels, in both languages', async (width) => {
    for (const language of ['zh', 'en'] as const) {
      for (const [name, paths] of [['1002', ['/agent', '/calls']], ['sup', ['/board', '/calls', '/calls/demo-001']]] as const) {
        const { page } = await enter(name, { width, language })
        for (const path of paths) {
          await page.goto(center.url + path)
          await page.locator('main .panel').first().waitFor()
          const spare = await page.evaluate(() => window.innerWidth - document.documentElement.scrollWidth)
          expect(spare, `${path} as ${name} in ${language}`).toBeGreaterThanOrEqual(0)
        }
      }
    }
  })

  test('that is not there, or not theirs, leads to where they begin', async () => {
    const { page } = await enter('qa')
    for (const path of ['/board', '/agent', '/nowhere']) {
      await page.goto(center.url + path)
      await page.waitForURL(center.url + '/calls')
    }
    await page.goto(center.url + '/calls/none')
    await page.getByText('找不到这项内容').waitFor()
  })
})

describe.each([
  { language: 'zh', available: '空闲', reason: '投诉', play: '播放', number: '13800000004', key: '1', agent: '1001' },
  { language: 'en', available: 'Available', reason: '下单', play: 'Play', number: '13800000010', key: '2', agent: '1004' },
] as const)('a call in $language', ({ language, available, reason, play, number, key, agent }) => {
  test('from the pop to the wrap-up, the board and the player', async () => {
    await center.phones.tell(`register ${agent} ${password}`)
    const desk = await enter(agent, { language })
    const board = await enter('sup', { language })
    const row = board.page.locator(`tr[data-row-key="${agent}"]`)
    await desk.page.locator('.own').getByRole('heading', { name: available }).waitFor()
    await row.locator('.state-available').waitFor()

    await center.call(number, key)
    await desk.page.locator('.pop-head.state-offered .vip, .pop-head.state-offered h2').first().waitFor()
    expect(await desk.page.locator('.pop-number').textContent()).toBe(number.replace(/(...)(....)(....)/, '$1 $2 $3'))
    await desk.page.locator('.pop-part li').first().waitFor()
    await row.locator('.state-offered').waitFor()

    await center.phones.tell(`answer ${agent}`)
    await desk.page.locator('.pop-head.state-talking').waitFor()
    await row.locator('.state-talking').waitFor()
    await desk.page.locator('.chips').getByText(reason, { exact: true }).click()
    await desk.page.locator('textarea').fill('<b>two boxes</b> & 两盒')
    await desk.page.reload() // loses nothing
    await desk.page.locator('.pop-head.state-talking').waitFor()
    await desk.page.locator('.pop-part li').first().waitFor()
    await until(async () => (await desk.page.locator('textarea').inputValue()) === '<b>two boxes</b> & 两盒')

    await new Promise((wake) => setTimeout(wake, 4000)) // something to listen to
    await center.phones.tell(`hangup ${number}`)
    await desk.page.locator('.own.state-wrapup').waitFor()
    await desk.page.keyboard.press('Control+Enter')
    await desk.page.locator('.own.state-available').waitFor()
    await desk.page.locator('.today-reason').getByText(reason).waitFor()
    await row.locator('.state-available').waitFor()

    const qa = await enter('qa', { language })
    await qa.page.goto(`${center.url}/calls?number=${number}`)
    await qa.page.locator('tbody tr[data-row-key] a').first().click()
    await qa.page.locator('.facts').getByText('<b>two boxes</b> & 两盒').waitFor()
    await qa.page.locator('.strip-part.phase-talk').first().waitFor()
    await qa.page.getByRole('button', { name: play, exact: true }).click()
    const position = async () => Number((await qa.page.locator('.player-time').textContent())?.match(/0:(\d\d) \//)?.[1])
    await until(async () => (await position()) >= 1)
    await qa.page.locator('.timeline').click() // the keys are the page's again
    await qa.page.keyboard.press('Space')
    const paused = await position()
    await qa.page.keyboard.press('ArrowRight')
    await until(async () => (await position()) > paused)
    await desk.page.getByRole('button', { name: language === 'zh' ? '退出' : 'Sign out' }).click()
  })
})

const markup = '<img src=x onerror=document.title=1>'

/** Gives a customer of the demo another name, as an administrator would. */
async function rename(before: string, after: string) {
  const { page } = await enter('admin')
  const status = await page.evaluate(
    async ([was, is]) => {
      const document = await (await fetch('/api/v1/center')).text()
      const body = document.replace(`name: ${was}`, `name: '${is}'`)
      const headers = { 'Content-Type': 'application/yaml' }
      return (await fetch('/api/v1/center', { method: 'PUT', headers, body })).status
    },
    [before, after] as const,
  )
  expect(status).toBe(200)
}

describe('what goes wrong', () => {
  test('a call that nobody picked up is said, and the way back', async () => {
    await center.phones.tell(`register 1001 ${password}`)
    const { page } = await enter('1001')
    await page.locator('.own.state-available').waitFor()
    await rename('李娜', markup)
    await center.call('13800000003')
    await page.locator('.own.state-offered').waitFor()
    expect(await page.locator('.pop-head h2').textContent()).toBe(markup) // text, whatever stands in it
    await page.locator('.own.state-missed').waitFor()
    await center.phones.tell('hangup 13800000003')
    await page.keyboard.press('F2')
    await page.locator('.own.state-available').waitFor()
    await page.keyboard.press('F4')
    await page.locator('.own.state-break').getByText('休息').first().waitFor()
  })

  test('a session that ends says so and loses nothing that was typed', async () => {
    const { page } = await enter('qa')
    const search = page.getByRole('searchbox').or(page.locator('.filter-number input')).first()
    await search.fill('138 0000')
    await page.context().clearCookies()
    await page.getByRole('button', { name: '更早的通话' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('登录已失效').waitFor()
    await dialog.locator('input[type=password]').fill(password)
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'hidden' })
    expect(await search.inputValue()).toBe('138 0000')
  })

  test('two tabs of one agent agree', async () => {
    const { page } = await enter('1002')
    const other = await page.context().newPage()
    await other.goto(center.url)
    await other.locator('.own').waitFor()
    await page.keyboard.press('F8')
    await other.locator('.own.state-break').getByText('用餐').first().waitFor()
    await other.close()
  })

  test('a lost connection is said, and what was missed is there afterwards', async () => {
    const { page } = await enter('sup')
    await page.locator('tr[data-row-key="1001"]').waitFor()
    await center.halt()
    await page.getByText('与服务器的连接已断开').waitFor()
    await center.run()
    await page.getByText('与服务器的连接已断开').waitFor({ state: 'hidden' })
    open[0]?.complaints.splice(0) // the browser notes that it did not reach the server
  })
})
