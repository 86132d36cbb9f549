import { expect, test } from 'vitest'
import { climb, placeOf } from '../src/calls/ladder'

const at = (ms: number) => new Date(Date.UTC(2026, 10, 27, 9) + ms).toISOString()
const message = (ms: number, from: number, to: number, line: string) => ({ at: at(ms), from, to, line, network: 'udp', text: line })

const ladder = (...messages: ReturnType<typeof message>[]) => ({
  participants: [{ name: '13800000001', leg: 'a', address: '192.0.2.1:5060' }, { name: 'threering' }, { name: '1001', leg: 'b' }],
  messages,
})

test('a line stands in the middle of its column', () => {
  expect([0, 1, 2].map((i) => Math.round(placeOf(i, 3)))).toEqual([17, 50, 83])
})

test('messages go between two lines, either way', () => {
  const [there, back] = climb(ladder(message(0, 0, 1, 'INVITE (SDP)'), message(250, 2, 1, '180 Ringing')))
  expect(there).toMatchObject({ words: 'INVITE (SDP)', sort: 'asks', right: true, repeated: false, after: 0 })
  expect(there?.left).toBeCloseTo(16.67, 1)
  expect(there?.width).toBeCloseTo(33.33, 1)
  expect(back).toMatchObject({ sort: 'waits', right: false, after: 250 })
  expect(back?.left).toBeCloseTo(50, 1)
})

test.each([
  ['100 Trying', 'waits'], ['200 OK (SDP)', 'agrees'], ['302 Moved Temporarily', 'elsewhere'], ['486 Busy Here', 'refuses'], ['603 Decline', 'refuses'], ['BYE', 'asks'],
])('%s %s', (line, sort) => expect(climb(ladder(message(0, 0, 1, line)))[0]?.sort).toBe(sort))

test('what was seen before is known for it', () => {
  expect(climb(ladder(message(0, 0, 1, 'INVITE (SDP), repeated')))[0]).toMatchObject({ words: 'INVITE (SDP)', repeated: true })
})

test('no messages are no rungs', () => {
  expect(climb({ participants: null, messages: null })).toEqual([])
})
