import { expect, test } from 'vitest'
import { password } from './center'
import { callOf, condition, hearsCaller, readyAt, voice } from './handset'
import { House } from './house'
import { expectToLookRight } from './looks'

const house = new House()

test('a talk goes on when the connection broke and the page stayed', async () => {
  const { center } = house
  const { page } = await readyAt(house, '1001')
  await center.call('13800000005')
  await condition(page, '来电振铃')
  await page.getByRole('button', { name: '接听', exact: false }).click()
  await center.phones.tell(`hears 13800000005 ${voice}`)
  const call = await callOf(page, '1001')
  const body = { name: '1001', password }
  await page.evaluate((b) => fetch('/api/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(b) }), body)
  await condition(page, '连接已断开，正在重连') // the former session took its connection with it
  await condition(page, '通话中')
  await center.phones.tell(`hears 13800000005 ${voice}`)
  await hearsCaller(page)
  expect(await callOf(page, '1001')).toBe(call)
  await center.phones.tell('hangup 13800000005')
  await page.locator('.own.state-wrapup').waitFor()
  await condition(page, '就绪')
})

test('one tab has the phone, and the next takes over with the talk', async () => {
  const { center } = house
  const { page } = await readyAt(house, '1001')
  const other = await page.context().newPage()
  await other.goto(center.url)
  await condition(other, '在另一个页面中')
  await expectToLookRight(other, 'the second tab')
  await center.call('13800000006')
  await condition(page, '来电振铃')
  await page.keyboard.press('a')
  await center.phones.tell(`hears 13800000006 ${voice}`)
  await page.close()
  await condition(other, '通话中')
  await center.phones.tell(`hears 13800000006 ${voice}`)
  await other.keyboard.press('Shift+X')
  await condition(other, '就绪')
  await other.getByRole('switch').click()
  await condition(other, '未开启')
})

test('a phone whose session ends goes on after signing in again', async () => {
  const { page } = await readyAt(house, '1003')
  await page.route('**/api/v1/session', async (route) => {
    if (route.request().method() !== 'GET') return route.continue()
    const response = await route.fetch()
    await new Promise((wake) => setTimeout(wake, 1000)) // as a slow network would
    await route.fulfill({ response }).catch(() => undefined)
  })
  await page.evaluate(() => fetch('/api/v1/session', { method: 'DELETE' }))
  const dialog = page.getByRole('dialog')
  await dialog.locator('input[type=password]').fill(password)
  await page.keyboard.press('Enter')
  await condition(page, '就绪')
  await dialog.waitFor({ state: 'hidden' })
  await page.keyboard.press('F4')
  await page.locator('.own.state-break').getByText('休息').first().waitFor()
})

test('a phone whose server was away goes on by itself', async () => {
  const { page, complaints } = await readyAt(house, '1003')
  for (const tries of [0, 0, 2]) {
    await house.center.halt()
    await condition(page, '连接已断开，正在重连')
    await expectToLookRight(page, 'the phone, cut off')
    for (let i = 0; i < tries; i++) await page.waitForEvent('websocket')
    await house.center.run()
    await page.locator('.phone-is strong').getByText('就绪', { exact: true }).waitFor({ timeout: 8000 })
    await page.locator('.own.state-available').waitFor()
  }
  complaints.splice(0) // the browser notes that it did not reach the server
})
