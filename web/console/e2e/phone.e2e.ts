import { describe, expect, test } from 'vitest'
import { until } from './center'
import { callOf, condition, hears, hearsCaller, voice } from './handset'
import { House } from './house'
import { expectToLookRight } from './looks'

const house = new House()
describe.each([
  { language: 'zh', agent: '1001', number: '13800000004', queue: 'sales', here: '在此浏览器接听电话', ready: '就绪', talking: '通话中', held: '保持中', muted: '通话中，已静音', ring: '来电振铃', devices: '设备' },
  { language: 'en', agent: '1004', number: '13800000010', queue: 'support', here: 'Take calls in this browser', ready: 'Ready', talking: 'In a call', held: 'On hold', muted: 'In a call, muted', ring: 'Ringing', devices: 'Devices' },
] as const)('the phone in the browser, in $language', (words) => {
  test('takes a call from ringing to wrap-up', async () => {
    const { center } = house
    const { phones } = center
    const { agent, number } = words
    const { page } = await house.enter(agent, { language: words.language, hears: voice })
    const is = (word: string) => condition(page, word)
    await page.locator('.phone').waitFor()
    await expectToLookRight(page, 'the phone, switched off')
    await page.getByRole('switch', { name: words.here }).click()
    await is(words.ready)
    await expectToLookRight(page, 'the phone, ready')
    await page.keyboard.press('?')
    const listed = page.getByRole('dialog').locator('kbd')
    await listed.first().waitFor()
    expect(await listed.allTextContents()).toEqual([
      'F2', 'F4', 'F8', 'F9', 'D', 'T', 'C', '⇧H', '⇧T', '⇧C', '⇧B', 'Ctrl+Enter', 'A', '⇧R', 'H', 'M', 'K', '⇧X', '?',
    ])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('F2')
    await page.locator('.own.state-available').waitFor()

    await center.call(number, words.queue)
    await page.locator('.pop-head.state-offered').waitFor()
    await is(words.ring)
    await hears(page, '.phone-bell', 660, 880)
    await expectToLookRight(page, 'the phone, ringing')
    await page.keyboard.press('a')
    await page.locator('.pop-head.state-talking').waitFor()
    await is(words.talking)
    await phones.tell(`hears ${number} ${voice}`)
    await hearsCaller(page)

    await page.keyboard.press('h')
    await is(words.held)
    await phones.tell(`loses ${number} ${voice}`)
    await phones.tell(`entertained ${number}`)
    await expectToLookRight(page, 'the phone, holding')
    await page.keyboard.press('h')
    await is(words.talking)
    await phones.tell(`hears ${number} ${voice}`)

    await page.keyboard.press('m')
    await is(words.muted)
    await phones.tell(`loses ${number} ${voice}`)
    await phones.tell(`silent ${number}`)
    await page.keyboard.press('m')
    await phones.tell(`hears ${number} ${voice}`)

    await page.locator('textarea').fill('')
    await page.locator('textarea').press('h') // is typed, and no hotkey
    expect(await page.locator('textarea').inputValue()).toBe('h')
    await page.locator('textarea').fill('')
    await page.locator('.queues').click()
    await page.keyboard.press('k')
    await page.locator('.keypad').waitFor()
    await expectToLookRight(page, 'the keypad')
    await page.keyboard.press('1')
    await page.locator('.keypad').getByRole('button', { name: '#' }).click()
    await phones.tell(`types ${number} 1#`)
    await page.keyboard.press('Escape')
    await page.locator('.keypad').waitFor({ state: 'detached' })

    const call = await callOf(page, agent)
    const before = Date.now()
    await page.reload()
    await page.locator('.pop-head.state-talking').waitFor()
    await is(words.talking)
    await phones.tell(`hears ${number} ${voice}`)
    const took = Date.now() - before
    console.info(`heard again ${took} ms after the page was loaded anew`)
    expect(took).toBeLessThan(10_000)
    await hearsCaller(page)
    expect(await callOf(page, agent)).toBe(call)
    const kinds = await page.evaluate(async (id) => (await (await fetch(`/api/v1/calls/${id}`)).json()).timeline.map((e: { kind: string }) => e.kind), call)
    expect(kinds.filter((k: string) => k.startsWith('leg.') && k !== 'leg.measured')).toEqual(['leg.lost', 'leg.back'])

    await page.keyboard.press('m')
    await page.reload() // neither lets the caller hear what was not for them
    await is(words.muted)
    await phones.tell(`loses ${number} ${voice}`)
    await phones.tell(`silent ${number}`)
    await page.keyboard.press('m')
    await phones.tell(`hears ${number} ${voice}`)
    await page.keyboard.press('h')
    await is(words.held)
    await page.reload()
    await is(words.held)
    await phones.tell(`loses ${number} ${voice}`)
    await phones.tell(`entertained ${number}`)
    await page.keyboard.press('h')
    await phones.tell(`hears ${number} ${voice}`)

    await page.keyboard.press('Shift+X')
    await page.locator('.own.state-wrapup').waitFor()
    await is(words.ready)
    await phones.tell(`hangup ${number}`).catch(() => undefined) // the flow may have hung up
  })

  test('has its devices checked', async () => {
    const { page } = await house.enter('1002', { language: words.language, hears: voice })
    await page.getByRole('button', { name: words.devices, exact: true }).click()
    const dialog = page.getByRole('dialog')
    const meter = dialog.locator('meter')
    await until(async () => (await meter.evaluate((m) => (m as HTMLMeterElement).value)) > -40)
    await expectToLookRight(page, 'the devices')
    const microphone = dialog.locator('select').first()
    await until(async () => (await microphone.locator('option').count()) > 1)
    const id = await microphone.locator('option').nth(1).getAttribute('value')
    await microphone.selectOption(id)
    await page.keyboard.press('Escape')
    await page.reload()
    await page.getByRole('button', { name: words.devices, exact: true }).click()
    await until(async () => (await microphone.inputValue()) === id)
  })
})
