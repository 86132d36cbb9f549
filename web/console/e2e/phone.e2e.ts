import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { password, until } from './center'
import { House } from './house'
import { expectToLookRight } from './looks'

const house = new House()
const voice = 620 // Hz, what the agent's microphone hears
const callers = 1000 // Hz, what callers say

/** Waits until one of the page's sounds is a tone of one of these pitches, its loudest part. */
const hears = (page: Page, sound: string, ...pitches: number[]) =>
  page.evaluate(
    async ([selector, wanted]) => {
      const element = document.querySelector<HTMLAudioElement>(selector)
      const context = new AudioContext()
      const analyser = new AnalyserNode(context, { fftSize: 4096, smoothingTimeConstant: 0 })
      context.createMediaStreamSource(element?.srcObject as MediaStream).connect(analyser)
      const bins = new Float32Array(analyser.frequencyBinCount)
      for (const end = Date.now() + 15_000; Date.now() < end; await new Promise((wake) => setTimeout(wake, 20))) {
        analyser.getFloatFrequencyData(bins)
        const loudest = bins.indexOf(Math.max(...bins))
        const pitch = (loudest * context.sampleRate) / analyser.fftSize
        if (wanted.some((hz) => Math.abs(pitch - hz) < 25) && (bins[loudest] ?? -200) > -50 && !element?.paused) return void context.close()
      }
      throw new Error(`${selector} does not sound`)
    },
    [sound, pitches] as const,
  )

const hearsCaller = (page: Page) => hears(page, '.phone-ear', callers)

const condition = (page: Page, word: string) => page.locator('.phone-is strong').getByText(word, { exact: true }).waitFor()

/** A page whose phone is on and whose agent is available. */
async function readyAt(agent: string) {
  const { page, complaints } = await house.enter(agent, { hears: voice })
  await page.getByRole('switch').click()
  await condition(page, '就绪')
  await page.keyboard.press('F2')
  await page.locator('.own.state-available').waitFor()
  return { page, complaints }
}

const callOf = (page: Page, agent: string) =>
  page.evaluate(async (id) => {
    const { agents } = await (await fetch('/api/v1/agents')).json()
    return (agents as { id: string; call?: string }[]).find((a) => a.id === id)?.call
  }, agent)

describe.each([
  { language: 'zh', agent: '1001', number: '13800000004', key: '1', here: '在此浏览器接听电话', ready: '就绪', talking: '通话中', held: '保持中', muted: '通话中，已静音', ring: '来电振铃', devices: '设备' },
  { language: 'en', agent: '1004', number: '13800000010', key: '2', here: 'Take calls in this browser', ready: 'Ready', talking: 'In a call', held: 'On hold', muted: 'In a call, muted', ring: 'Ringing', devices: 'Devices' },
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
    expect(await listed.allTextContents()).toEqual(['F2', 'F4', 'F8', 'F9', 'Ctrl+Enter', 'A', '⇧R', 'H', 'M', 'K', '⇧X', '?'])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('F2')
    await page.locator('.own.state-available').waitFor()

    await center.call(number, words.key)
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

test('a call can be refused', async () => {
  const { page } = await readyAt('1002')
  await house.center.call('13800000003')
  await condition(page, '来电振铃')
  await page.keyboard.press('R') // caps lock: no shift, no refusal
  await page.keyboard.press('Shift+R')
  await condition(page, '就绪')
  await page.locator('.own:not(.state-offered)').waitFor()
  await house.center.phones.tell('hangup 13800000003')
})

test('a talk goes on when the connection broke and the page stayed', async () => {
  const { center } = house
  const { page } = await readyAt('1001')
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
  const { page } = await readyAt('1001')
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

// What drives the browser here counts as a click, so the page is told what a browser would tell it that waits for one.
test('a browser that plays nothing before a click is said to', async () => {
  const { page } = await readyAt('1003')
  await page.addInitScript(() => {
    let clicked = false
    window.addEventListener('pointerdown', () => (clicked = true), { capture: true })
    Object.defineProperty(AudioContext.prototype, 'state', { get: () => (clicked ? 'running' : 'suspended') })
    AudioContext.prototype.resume = () => (clicked ? Promise.resolve() : new Promise(() => {}))
  })
  await page.reload()
  const hint = page.locator('.phone-is p')
  await hint.getByText('点一下').waitFor()
  await page.locator('.phone-is').click()
  await hint.getByText('来电会在这里振铃。').waitFor()
})

test('a call whose audio fails is said to have failed', async () => {
  const { page } = await readyAt('1003')
  await page.evaluate(() => {
    RTCPeerConnection.prototype.setRemoteDescription = () => Promise.reject(new Error('refused'))
  })
  await house.center.call('13800000007')
  await condition(page, '来电振铃')
  await page.keyboard.press('a')
  await page.locator('.phone-is p').getByText('语音没有接通').waitFor()
  await house.center.phones.tell('hangup 13800000007')
})

test.each([
  ['NotAllowedError', '麦克风被拒绝'],
  ['NotReadableError', '麦克风打不开'],
  ['NotFoundError', '没有麦克风'],
])('what is wrong with the microphone is said: %s', async (name, word) => {
  const { page } = await house.enter('1003', { hears: voice })
  await page.evaluate((n) => {
    const { getUserMedia } = navigator.mediaDevices
    navigator.mediaDevices.getUserMedia = () => {
      navigator.mediaDevices.getUserMedia = getUserMedia
      return Promise.reject(new DOMException('', n))
    }
  }, name)
  await page.getByRole('switch').click()
  await condition(page, word)
  await expectToLookRight(page, word)
  await page.evaluate(() => navigator.mediaDevices.dispatchEvent(new Event('devicechange')))
  await condition(page, '就绪')
})

test('a phone whose session ends goes on after signing in again', async () => {
  const { page } = await readyAt('1003')
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
  const { page, complaints } = await readyAt('1003')
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
