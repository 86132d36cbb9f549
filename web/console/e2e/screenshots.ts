import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { Browser } from './browser'
import { Center, password } from './center'

const folder = process.env['THREERING_SCREENSHOTS'] ?? 'screenshots'
const [width, height] = (process.env['THREERING_SIZE'] ?? '1366x768').split('x').map(Number)

/** One day at the demo center, with a picture of each page. */
describe.each(['zh', 'en'] as const)('pictures in %s', (language) => {
  let center: Center
  const open: Browser[] = []

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true })
    center = await Center.start()
  })
  afterAll(async () => {
    await Promise.all(open.map((b) => b.close()))
    await center.stop()
  })

  const enter = async (name?: string, hears?: number) => {
    const b = await Browser.open({ language, width, height, hears })
    open.push(b)
    if (name) await b.signIn(center, name)
    return b
  }
  const shoot = (b: Browser, name: string) => b.page.screenshot({ path: join(folder, `${name}.${language}.png`) })

  test('of every page', async () => {
    const door = await enter()
    await door.page.goto(center.url)
    await door.page.locator('button[type=submit]').waitFor()
    await shoot(door, 'sign-in')

    const { phones } = center
    const headset = await enter('1002', 440)
    await headset.page.getByRole('switch').click()
    await headset.page.locator('.phone.mood-good').waitFor()
    await headset.page.keyboard.press('F2')
    await headset.page.locator('.own.state-available').waitFor()
    await center.callHotline('13800000010')
    await headset.page.locator('.phone.mood-wait').waitFor()
    await headset.page.keyboard.press('a')
    await headset.page.locator('.phone.mood-busy').waitFor()
    await headset.page.waitForTimeout(2500)
    await shoot(headset, 'agent-phone')
    await phones.tell('hangup 13800000010')
    await headset.page.locator('.own.state-wrapup').waitFor()
    await headset.page.getByRole('switch').click()

    await phones.tell(`register 1001 ${password}`)
    await phones.tell(`register 1003 ${password}`)
    const agent = await enter('1001')
    const other = await enter('1003')
    const board = await enter('sup')
    await agent.page.locator('.own.state-available').waitFor()
    await shoot(agent, 'agent-available')

    await center.callHotline('13800000004')
    await agent.page.locator('.pop-head.state-offered').waitFor()
    await agent.page.waitForTimeout(2500)
    await shoot(agent, 'agent-ringing')
    await phones.tell('answer 1001')
    await agent.page.locator('.pop-head.state-talking').waitFor()
    await agent.page.locator('.chips button').nth(5).click()
    await agent.page.locator('textarea').fill(language === 'zh' ? '打印机卡纸，已指导清理' : 'Paper jam, talked through it')

    await center.callHotline('13800000010')
    await center.callHotline('13900001234')
    await center.callHotline('01055500106')
    await other.page.locator('.pop-head.state-offered').waitFor()
    await phones.tell('answer 1003')
    await phones.tell('hold 1001')
    await agent.page.waitForTimeout(2500)
    await phones.tell('resume 1001')
    await agent.page.waitForTimeout(2500)
    await shoot(agent, 'agent-talking')
    await shoot(board, 'board')

    await phones.tell('hangup 13800000004')
    await agent.page.locator('.own.state-wrapup').waitFor()
    await agent.page.waitForTimeout(1500)
    await shoot(agent, 'agent-wrapup')
    await phones.tell('hangup 13900001234')
    await phones.tell('hangup 01055500106')
    await agent.page.keyboard.press('Control+Enter')
    await agent.page.locator('.own.state-available').waitFor()

    const callbacks = await enter('sup')
    await callbacks.page.goto(`${center.url}/callbacks`)
    await callbacks.page.locator('.callbacks-missed tbody tr').first().waitFor()
    await shoot(callbacks, 'callbacks')

    const qa = await enter('qa')
    await qa.page.locator('.calls tbody tr').nth(3).waitFor()
    await shoot(qa, 'calls')
    await qa.page.goto(`${center.url}/calls?number=13800000004`)
    await qa.page.locator('.calls tbody tr[data-row-key] a').first().click()
    await qa.page.locator('.player-play').click()
    await qa.page.waitForTimeout(2500)
    await shoot(qa, 'call')
  })
})
