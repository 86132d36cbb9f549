import { describe, expect, test } from 'vitest'
import { length } from '../src/time/length'
import { moments } from '../src/time/moment'
import { dayAfter, dayOf, dayStart } from '../src/time/zone'

test.each([
  [0, '0:00'], [-5000, '0:00'], [7999, '0:07'], [754_000, '12:34'], [3_599_999, '59:59'], [3_723_000, '1:02:03'], [360_000_000, '100:00:00'],
])('%d ms is %s', (ms, shown) => expect(length(ms)).toBe(shown))

describe('a day of the center', () => {
  test('begins when its own clocks say so', () => {
    expect(dayStart('2026-12-01', 'Asia/Shanghai')).toBe('2026-11-30T16:00:00.000Z')
    expect(dayStart('2026-12-01', 'America/New_York')).toBe('2026-12-01T05:00:00.000Z')
    expect(dayStart('2026-12-01', 'UTC')).toBe('2026-12-01T00:00:00.000Z')
  })
  test('has 23 or 25 hours when the clocks are changed', () => {
    const hours = (day: string) => (Date.parse(dayStart(dayAfter(day), 'Europe/Berlin')) - Date.parse(dayStart(day, 'Europe/Berlin'))) / 3_600_000
    expect(hours('2026-03-29')).toBe(23)
    expect(hours('2026-10-25')).toBe(25)
    expect(hours('2026-10-26')).toBe(24)
  })
  test('is found for a moment', () => {
    expect(dayOf(Date.parse('2026-11-30T15:59:59Z'), 'Asia/Shanghai')).toBe('2026-11-30')
    expect(dayOf(Date.parse('2026-11-30T16:00:00Z'), 'Asia/Shanghai')).toBe('2026-12-01')
  })
  test('is followed by the next', () => {
    expect(dayAfter('2026-12-31')).toBe('2027-01-01')
    expect(dayAfter('2028-02-28')).toBe('2028-02-29')
  })
})

test('moments are shown as the center has them', () => {
  const m = moments('Asia/Shanghai')
  const at = '2026-12-31T16:05:09.123Z'
  expect([m.full(at), m.day(at), m.short(at), m.time(at), m.seconds(at)]).toEqual([
    '2027-01-01 00:05:09', '2027-01-01', '01-01 00:05', '00:05', '00:05:09',
  ])
})
