import { expect, test } from 'vitest'
import { password, until } from './center'
import { House } from './house'
import { expectToBeReadable, expectToLookRight } from './looks'

const house = new House()
const markup = '<img src=x onerror=document.title=1>'

test('a call that nobody picked up is said, and the way back', async () => {
  await house.center.phones.tell(`register 1001 ${password}`)
  const { page } = await house.enter('1001')
  await page.locator('.own.state-available').waitFor()
  await house.center.change((text) => text.replace('name: 李娜', `name: '${markup}'`))
  await house.center.call('13800000003')
  await page.locator('.own.state-offered').waitFor()
  expect(await page.locator('.pop-head h2').textContent()).toBe(markup) // text, whatever stands in it
  await page.locator('.own.state-missed').waitFor()
  await expectToLookRight(page, 'a missed call')
  await house.center.phones.tell('hangup 13800000003')
  await page.keyboard.press('F2')
  await page.locator('.own.state-available').waitFor()
  await page.keyboard.press('F4')
  await page.locator('.own.state-break').getByText('休息').first().waitFor()
  await expectToBeReadable(page, 'a break')
})

test('a wrap-up that ends by itself loses nothing', async () => {
  const { phones } = house.center
  await phones.tell(`register 1002 ${password}`)
  await house.center.change((text) => text.replace(/(- name: sales\n)( *)/, '$1$2wrap_up: 2s\n$2'))
  const { page } = await house.enter('1002')
  await page.locator('.own.state-available').waitFor()
  await house.center.call('13800000004')
  await phones.tell('answer 1002')
  await page.locator('.own.state-talking').waitFor()
  await page.locator('textarea').fill('打印机卡纸')
  await phones.tell('hangup 13800000004')
  await page.locator('.own.state-wrapup').waitFor()
  await page.locator('.own.state-available').waitFor()
  expect(await page.locator('textarea').inputValue()).toBe('打印机卡纸')
  await page.reload()
  await until(async () => (await page.locator('textarea').inputValue()) === '打印机卡纸')
  await page.keyboard.press('Control+Enter')
  await page.getByText('请选择或填写来电原因').waitFor()
  await expectToBeReadable(page, 'no reason')
  await page.locator('.chips').getByText('故障报修').click()
  await page.keyboard.press('Control+Enter')
  await page.locator('.today-reason').getByText('故障报修').waitFor()
  expect(await page.locator('textarea').inputValue()).toBe('')
})

test('a session that ends says so and loses nothing that was typed', async () => {
  const { page } = await house.enter('qa')
  const search = page.getByRole('searchbox').or(page.locator('.filter-number input')).first()
  await search.fill('138 0000')
  await page.context().clearCookies()
  await page.getByRole('button', { name: '更早的通话' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('登录已失效').waitFor()
  await expectToLookRight(page, 'a session that ended')
  await dialog.locator('input[type=password]').fill(password)
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'hidden' })
  expect(await search.inputValue()).toBe('138 0000')
})

test('two tabs of one agent agree', async () => {
  const { page } = await house.enter('1003')
  const other = await page.context().newPage()
  await other.goto(house.center.url)
  await other.locator('.own').waitFor()
  await page.keyboard.press('F8')
  await other.locator('.own.state-break').getByText('用餐').first().waitFor()
  await other.close()
})

test('a lost connection is said, and what was missed is there afterwards', async () => {
  const { page, complaints } = await house.enter('sup')
  await page.locator('tr[data-row-key="1001"]').waitFor()
  await house.center.halt()
  await page.getByText('与服务器的连接已断开').waitFor()
  await expectToLookRight(page, 'a lost connection')
  await house.center.run()
  await page.getByText('与服务器的连接已断开').waitFor({ state: 'hidden' })
  complaints.splice(0) // the browser notes that it did not reach the server
})
