import { describe, expect, test } from 'vitest'
import { chosenDevices, microphoneOf } from '../src/phone/devices'
import { ringing, testTone } from '../src/phone/bell'
import { type News, type Phone, conditionOf, idle, turn, waysOf, wantsLine, wantsMicrophone } from '../src/phone/state'
import { troubleOf } from '../src/phone/trouble'

const after = (...news: News[]): Phone => news.reduce(turn, idle(false))
const ready: News[] = [
  { type: 'switched', on: true }, { type: 'tab', ours: true }, { type: 'microphone', is: 'open' }, { type: 'line', is: 'ready' },
]
const rung: News = { type: 'rung', leg: 'a', call: 'c1', resumed: false }
const talking: News[] = [...ready, rung, { type: 'answering', leg: 'a' }, { type: 'talking', leg: 'a' }]

describe('the phone becomes ready', () => {
  test.each<[string, News[], string, boolean, boolean]>([
    ['at first', [], 'off', false, false],
    ['switched on', ready.slice(0, 1), 'asking', false, false],
    ['in a second tab', [...ready.slice(0, 1), { type: 'tab', ours: false }], 'elsewhere', false, false],
    ['in its tab', ready.slice(0, 2), 'asking', true, false],
    ['with a microphone', ready.slice(0, 3), 'connecting', true, true],
    ['without one', [...ready.slice(0, 2), { type: 'microphone', is: 'refused' }], 'refused', true, false],
    ['registered', ready, 'ready', true, true],
    ['cut off', [...ready, { type: 'line', is: 'lost' }], 'lost', true, true],
    ['never taken', [...ready.slice(0, 3), { type: 'line', is: 'refused' }], 'rejected', true, true],
    ['its microphone pulled', [...ready, { type: 'microphone', is: 'missing' }], 'missing', true, false],
    ['switched off', [...ready, { type: 'switched', on: false }], 'off', false, false],
  ])('%s', (_, news, condition, microphone, line) => {
    const phone = after(...news)
    expect(conditionOf(phone)).toBe(condition)
    expect([wantsMicrophone(phone), wantsLine(phone)]).toEqual([microphone, line])
  })
})

test('a call goes from ringing to its end', () => {
  expect(waysOf(after(...ready, rung))).toMatchObject({ answer: true, reject: true, hold: false, hangUp: false })
  expect(conditionOf(after(...ready, rung))).toBe('ringing')
  expect(waysOf(after(...talking))).toEqual({ answer: false, reject: false, hold: true, mute: true, press: true, hangUp: true })
  const over = after(...talking, { type: 'over', leg: 'a', trouble: 'sound' })
  expect(conditionOf(over)).toBe('ready')
  expect(over.trouble).toBe('sound')
  expect(turn(over, rung).trouble).toBeUndefined()
})

test('a talk that is taken up again does not ring', () => {
  expect(conditionOf(after(...ready, { type: 'rung', leg: 'b', call: 'c1', resumed: true }))).toBe('answering')
})

test('who is held is not held twice, and gets no keys', () => {
  const turning = after(...talking, { type: 'hold', leg: 'a', held: true })
  expect(conditionOf(turning)).toBe('held')
  expect(waysOf(turning)).toMatchObject({ hold: false, press: false, hangUp: true })
  expect(waysOf(turn(turning, { type: 'turned', leg: 'a' })).hold).toBe(true)
  expect(conditionOf(after(...talking, { type: 'mute', leg: 'a', muted: true }))).toBe('muted')
})

test('the late end of a call does not end the one that took its place', () => {
  const resumed = after(...talking, { type: 'rung', leg: 'b', call: 'c1', resumed: true })
  for (const type of ['over', 'talking', 'turned'] as const) expect(turn(resumed, { type, leg: 'a' })).toBe(resumed)
  expect(conditionOf(turn(resumed, { type: 'talking', leg: 'b' }))).toBe('talking')
})

test('a talk outlives its microphone and its line', () => {
  const deaf = after(...talking, { type: 'microphone', is: 'missing' })
  expect(wantsLine(deaf)).toBe(true)
  expect(conditionOf(deaf)).toBe('missing')
  expect(conditionOf(after(...talking, { type: 'line', is: 'lost' }))).toBe('lost')
  expect(conditionOf(after(...talking, { type: 'microphone', is: 'asking' }))).toBe('talking')
})

test('the last keys are shown', () => {
  const pressed = [...'1234567890*#1234567890'].map((key): News => ({ type: 'pressed', leg: 'a', key }))
  expect(after(...talking, ...pressed).talk?.keys).toBe('7890*#1234567890')
})

test('an end as it should be is no trouble', () => {
  expect(['Terminated', 'Canceled', 'Rejected'].map(troubleOf)).toEqual([undefined, undefined, undefined])
  expect(['Connection Error', 'RTP Timeout', 'User Denied Media Access', 'Internal Error'].map(troubleOf)).toEqual(['network', 'sound', 'microphone', 'other'])
})

test('why there is no microphone', () => {
  const why = (name: string) => microphoneOf(new DOMException('', name))
  expect(['NotAllowedError', 'NotFoundError', 'NotReadableError', 'SecurityError'].map(why)).toEqual(['refused', 'missing', 'busy', 'insecure'])
  expect(microphoneOf('?')).toBe('busy')
})

test.each([
  ['{"microphone":"m","speaker":"s"}', 'm', 's'],
  ['{"speaker":"s"}', '', 's'],
  ['{', '', ''],
  ['null', '', ''],
])('the devices kept as %s', (stored, microphone, speaker) => expect(chosenDevices(stored)).toEqual({ microphone, speaker }))

describe.each([44_100, 48_000])('at %i Hz', (rate) => {
  const power = (s: Float32Array) => s.reduce((sum, v) => sum + v * v, 0) / s.length
  const part = (s: Float32Array, from: number, to: number) => s.subarray(from * rate, to * rate)

  test('the bell rings twice, then pauses, and never clips or cracks', () => {
    const bell = ringing(rate)
    expect(bell.length).toBe(3 * rate)
    for (const [from, to] of [[0.05, 0.35], [0.65, 0.95]] as const) expect(power(part(bell, from, to))).toBeCloseTo(0.045, 3)
    for (const [from, to] of [[0.41, 0.59], [1.01, 3]] as const) expect(power(part(bell, from, to))).toBe(0)
    const steepest = bell.reduce((most, v, i) => Math.max(most, Math.abs(v - (bell[i - 1] ?? 0))), 0)
    expect(steepest).toBeLessThan(0.3 * 2 * Math.PI * (880 / rate) * 1.1)
  })

  test('the test tone begins and ends softly', () => {
    const tone = testTone(rate)
    expect([tone.length, tone[0]]).toEqual([rate, 0])
    expect(Math.abs(tone.at(-1) ?? 1)).toBeLessThan(0.001)
  })
})
