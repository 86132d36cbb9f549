import { expect, test } from 'vitest'
import { House } from './house'
import { expectToLookRight } from './looks'

const house = new House()

test('the door says what is wrong, beside the field', async () => {
  const { page } = await house.enter()
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByText('请输入工号').waitFor()
  await page.getByText('请输入密码').waitFor()
  await expectToLookRight(page, 'the door, nothing entered')
  await page.getByLabel('工号').fill('1001')
  await page.locator('input[type=password]').fill('wrong')
  await page.keyboard.press('Enter')
  await page.getByText('工号或密码不正确。').waitFor()
  expect(await page.getByLabel('工号').inputValue()).toBe('1001')
  await expectToLookRight(page, 'the door, refused')
})

test.each([
  ['1002', '/agent'], ['sup', '/board'], ['qa', '/calls'], ['admin', '/board'],
])('the door lets %s in at %s', async (name, path) => {
  const { page } = await house.enter(name)
  await page.waitForURL(house.center.url + path)
  await page.getByRole('button', { name: '退出' }).click()
  await page.getByRole('button', { name: '登录' }).waitFor()
})

test('the door speaks the language of the browser, and another one when asked', async () => {
  const { page } = await house.enter(undefined, { language: 'en' })
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await expectToLookRight(page, 'the door in English')
  await page.getByRole('button', { name: '中文' }).click()
  await page.getByRole('button', { name: '登录' }).waitFor()
  await page.reload()
  await page.getByRole('button', { name: '登录' }).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
})

test.each([
  ['1002', ['.own', '.ant-picker']], // the calendar comes last
  ['sup', ['.board tbody tr']],
  ['qa', ['.calls tbody tr', '.ant-picker']],
])('the first page of %s opens after less than 300 KB', async (name, parts) => {
  const { page } = await house.enter(name)
  for (const part of parts) await page.locator(part).first().waitFor()
  const bytes = await page.evaluate(() =>
    performance.getEntriesByType('resource').reduce((sum, e) => sum + (e as PerformanceResourceTiming).encodedBodySize, 0),
  )
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes).toBeLessThan(300_000)
})
