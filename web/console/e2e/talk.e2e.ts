import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { password } from './center'
import { callOf } from './handset'
import { House } from './house'
import { expectToLookRight } from './looks'

const house = new House()
const tones = { first: 440, second: 700, caller: 1000 } // Hz

const words = [
  {
    language: 'zh', first: '1001', second: '1002', name: '李强', number: '13800000004', queue: 'sales', leave: '退出', transfer: '转接', moving: '正在转接', ringing: '咨询：振铃',
    talking: '咨询：通话中', complete: '转给对方', conference: '三方通话', back: '返回客户', dismiss: '移出', notAllowed: '没有可以呼出的线路。', busy: '对方正忙', notReached: '未接通', again: '回拨', colleague: '同事',
  },
  {
    language: 'en', first: '1003', second: '1004', name: '赵敏', number: '13800000010', queue: 'complaint', leave: 'Sign out', transfer: 'Transfer', moving: 'Putting through to',
    ringing: 'Consulting: ringing', talking: 'Consulting: talking', complete: 'Put through', conference: 'Conference', back: 'Back to caller', dismiss: 'Remove',
    notAllowed: 'There is no line that calls out.', busy: 'They are busy', notReached: 'Not reached', again: 'Call again', colleague: 'Colleague',
  },
] as const

type Words = (typeof words)[number]

const party = (page: Page) => page.locator('.talk-party')

/** An agent who talks with a caller, and a colleague with a phone and a page. */
async function talking({ language, first, second, number, queue }: Words) {
  const { phones } = house.center
  await phones.tell(`register ${first} ${password}`)
  const { page } = await house.enter(first, { language })
  await page.locator('.own.state-available').waitFor()
  await house.center.call(number, queue)
  await phones.tell(`answer ${first}`)
  await page.locator('.pop-head.state-talking').waitFor()
  await phones.tell(`hears ${number} ${tones.first}`)
  await phones.tell(`register ${second} ${password}`)
  const { page: colleague } = await house.enter(second, { language })
  await colleague.locator('.own.state-available').waitFor()
  return { page, colleague, phones }
}

/** Chooses somebody by the keyboard alone. */
async function choose(page: Page, key: string, text: string) {
  await page.keyboard.press(key)
  await page.getByRole('combobox').fill(text)
  await page.getByRole('option').first().waitFor()
  await page.keyboard.press('Enter')
}

/** Ends the call, and has both be available again. */
async function rest({ number, leave }: Words, pages: Page[]) {
  await house.center.phones.tell(`hangup ${number}`)
  for (const page of pages) {
    await page.locator('.own.state-wrapup, .own.state-available').waitFor()
    await page.getByRole('button', { name: leave, exact: true }).click() // the calls of the next test are for others
  }
}

const kindsOf = (page: Page, call: string | undefined) =>
  page.evaluate(async (id) => (await (await fetch(`/api/v1/calls/${id}`)).json()).timeline.map((e: { kind: string }) => e.kind) as string[], call)

describe.each(words)('an agent who talks, in $language', (w) => {
  const { first, second, name, number } = w

  test('puts the caller through to a colleague, who is found by their ID', async () => {
    const { page, colleague, phones } = await talking(w)
    const call = await callOf(page, first)
    await page.keyboard.press('t')
    await page.getByRole('option', { name }).waitFor()
    await expectToLookRight(page, 'who the caller can be put through to')
    await page.keyboard.press('Escape')
    await choose(page, 't', second)
    await party(page).getByText(w.moving).waitFor()
    await party(page).getByText(name).waitFor()
    await expectToLookRight(page, 'a transfer that rings')
    await phones.tell(`answer ${second}`)
    await phones.tell(`says ${second} ${tones.second}`)
    await phones.tell(`hears ${number} ${tones.second}`)
    await page.locator('.own.state-wrapup').waitFor()
    await colleague.locator('.pop-head.state-talking').waitFor()
    expect(await callOf(colleague, second)).toBe(call)
    expect(await kindsOf(colleague, call)).toContain('transfer.done')
    await rest(w, [page, colleague])
  })

  test('consults a colleague and puts the caller through', async () => {
    const { page, colleague, phones } = await talking(w)
    const call = await callOf(page, first)
    await choose(page, 'c', name)
    await party(page).getByText(w.ringing).waitFor()
    await phones.tell(`entertained ${number}`)
    await colleague.locator('.pop-head').getByText(w.colleague).waitFor()
    await phones.tell(`answer ${second}`)
    await phones.tell(`says ${second} ${tones.second}`)
    await party(page).getByText(w.talking).waitFor()
    await phones.tell(`hears ${first} ${tones.second}`)
    await phones.tell(`loses ${first} ${tones.caller}`)
    await expectToLookRight(page, 'a consultation')
    await page.keyboard.press('Shift+T')
    await phones.tell(`hears ${number} ${tones.second}`)
    await page.locator('.own.state-wrapup').waitFor()
    expect(await callOf(colleague, second)).toBe(call)
    await rest(w, [page, colleague])
  })

  test('consults a colleague, and comes back or has all together', async () => {
    const { page, colleague, phones } = await talking(w)
    const consult = async () => {
      await choose(page, 'c', second)
      await phones.tell(`answer ${second}`)
      await phones.tell(`says ${second} ${tones.second}`)
      await party(page).getByText(w.talking).waitFor()
    }
    await consult()
    await party(page).getByRole('button', { name: w.back }).click()
    await party(page).getByText(w.talking).waitFor({ state: 'detached' })
    await phones.tell(`hears ${number} ${tones.first}`)

    await colleague.locator('.own.state-available').waitFor()
    await consult()
    await party(page).getByRole('button', { name: w.conference }).click()
    await party(page).getByRole('button', { name: w.dismiss }).waitFor()
    await phones.tell(`among ${number} ${tones.second}`)
    await phones.tell(`among ${number} ${tones.first}`)
    await phones.tell(`among ${second} ${tones.caller}`)
    await phones.tell(`among ${second} ${tones.first}`)
    await expectToLookRight(page, 'a conference')
    await party(page).getByRole('button', { name: w.dismiss }).click()
    await phones.tell(`gone ${second}`)
    await phones.tell(`hears ${number} ${tones.first}`)
    await rest(w, [page, colleague])
  })

  test('is told beside the control what cannot be done', async () => {
    const { page, colleague, phones } = await talking(w)
    await choose(page, 't', '139 0000 1234')
    await page.locator('.picker-note').getByText(w.notAllowed).waitFor()
    await expectToLookRight(page, 'a number that may not be called')
    await page.keyboard.press('Escape')
    await colleague.keyboard.press('d')
    await colleague.getByRole('combobox').fill(first)
    await colleague.keyboard.press('Enter')
    await colleague.locator('.picker-note').getByText(w.busy).waitFor()
    await colleague.keyboard.press('Escape')
    await phones.tell(`hears ${number} ${tones.first}`) // nothing has happened
    await rest(w, [page, colleague])
  })

  test('calls a colleague, and once more in one click', async () => {
    const { phones } = house.center
    for (const agent of [first, second]) await phones.tell(`register ${agent} ${password}`)
    const { page } = await house.enter(first, { language: w.language })
    const { page: colleague } = await house.enter(second, { language: w.language })
    await page.locator('.own.state-available').waitFor()
    await colleague.locator('.own.state-available').waitFor()
    const speak = async () => {
      await phones.tell(`answer ${first}`)
      await phones.tell(`answer ${second}`)
      await phones.tell(`says ${second} ${tones.second}`)
      await phones.tell(`hears ${first} ${tones.second}`)
      await phones.tell(`hears ${second} ${tones.first}`)
      await page.locator('.pop-head.state-talking').getByText(name).waitFor()
      await phones.tell(`hangup ${first}`)
      await phones.tell(`gone ${second}`)
      for (const p of [page, colleague]) await p.locator('.own.state-available').waitFor()
    }
    await choose(page, 'd', second)
    await speak()
    await expectToLookRight(page, 'the desk after a call out')
    const last = page.locator('.today li', { hasText: name }).first()
    await last.getByRole('button', { name: w.again }).click()
    await speak()

    // The colleague does not want to: the list says that nothing came of it.
    await last.getByRole('button', { name: w.again }).click()
    await phones.tell(`answer ${first}`)
    await phones.tell(`refuse ${second}`)
    await last.getByText(w.notReached).waitFor()
    await page.locator('.own.state-available').waitFor()
  })
})
