import { expect, test } from 'vitest'
import { password, until } from './center'
import { House } from './house'
import { expectToBeReadable, expectToLookRight } from './looks'

const house = new House()

test.each(['zh', 'en'] as const)('every page can be read and fits any screen, in %s', async (language) => {
  for (const [name, paths] of [['1002', ['/agent', '/calls']], ['sup', ['/board', '/calls', '/calls/demo-001', '/callbacks', '/lines']]] as const) {
    const { page } = await house.enter(name, { language })
    for (const path of paths) {
      await page.goto(house.center.url + path)
      await page.locator('main .panel').first().waitFor()
      await until(async () => (await page.locator('main .ant-skeleton').count()) === 0)
      await expectToLookRight(page, `${path} as ${name} in ${language}`)
    }
  }
})

test('a page that is not there, or not theirs, leads to where they begin', async () => {
  const { page } = await house.enter('qa')
  for (const path of ['/board', '/agent', '/nowhere']) {
    await page.goto(house.center.url + path)
    await page.waitForURL(house.center.url + '/calls')
  }
  await page.goto(house.center.url + '/calls?number=0')
  await page.getByText('没有符合条件的通话').waitFor()
  await expectToLookRight(page, 'no call found')
  await page.goto(house.center.url + '/calls/none')
  await page.getByText('找不到这项内容').waitFor()
  await expectToLookRight(page, 'no such call')
})

test('calls are found by what they are looked for by', async () => {
  const { page } = await house.enter('sup')
  await page.goto(house.center.url + '/calls')
  await page.getByRole('combobox', { name: '坐席' }).selectOption('1002')
  await page.waitForURL(/agent=1002/)
  await page.getByRole('combobox', { name: '结果' }).selectOption('answered')
  await page.waitForURL(/outcome=answered/)
  await page.locator('.filter-days input').first().click()
  await expectToBeReadable(page, 'the calendar')
  await page.getByText('近 30 天').click()
  await page.waitForURL(/from=.*to=/)
  await page.getByRole('button', { name: '清除条件' }).click()
  await page.waitForURL(house.center.url + '/calls')
  await page.locator('.calls tbody tr').first().click() // anywhere in the row
  await page.locator('.facts').waitFor()
})

test('a supervisor sets what an agent is to be', async () => {
  const { page } = await house.enter('sup')
  const row = page.locator('tr[data-row-key="1004"]')
  await row.locator('.state-offline').waitFor()
  await row.getByRole('combobox').selectOption('break')
  await row.locator('.state-break').getByText('班长设置').waitFor()
  await page.locator('.counts .state-break').click()
  await page.locator('tr[data-row-key="1001"]').waitFor({ state: 'detached' })
  await expectToLookRight(page, 'the board, those on a break alone')
})

const deskKeys = ['F2', 'F4', 'F8', 'F9', 'D', 'T', 'C', '⇧H', '⇧T', '⇧C', '⇧B', 'Ctrl+Enter', '?']

test.each([
  ['zh', '快捷键', '转为：空闲'],
  ['en', 'Keys', 'Change to: Available'],
] as const)('the keys of the desk are listed on ?, in %s', async (language, title, available) => {
  await house.center.phones.tell(`register 1003 ${password}`)
  const { page } = await house.enter('1003', { language })
  await page.locator('.own').waitFor()
  await page.keyboard.press('?')
  const dialog = page.getByRole('dialog', { name: title })
  await dialog.getByText(available).waitFor()
  expect(await dialog.locator('kbd').allTextContents()).toEqual(deskKeys)
  await expectToLookRight(page, 'the keys')
  const before = await page.locator('.own h1').textContent()
  await page.keyboard.press('F8') // not behind a dialog
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(await page.locator('.own h1').textContent()).toBe(before)
  await page.getByRole('button', { name: title }).click()
  await dialog.waitFor()
})
