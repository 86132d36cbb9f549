import { test } from 'vitest'
import { condition, readyAt, voice } from './handset'
import { House } from './house'
import { expectToLookRight } from './looks'

const house = new House()

test('a call can be refused', async () => {
  const { page } = await readyAt(house, '1002')
  await house.center.call('13800000003')
  await condition(page, '来电振铃')
  await page.keyboard.press('R') // caps lock: no shift, no refusal
  await page.keyboard.press('Shift+R')
  await condition(page, '就绪')
  await page.locator('.own:not(.state-offered)').waitFor()
  await house.center.phones.tell('hangup 13800000003')
})

// What drives the browser here counts as a click, so the page is told what a browser would tell it that waits for one.

test('a browser that plays nothing before a click is said to', async () => {
  const { page } = await readyAt(house, '1003')
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
  const { page } = await readyAt(house, '1003')
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
