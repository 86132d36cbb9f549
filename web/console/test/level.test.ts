import { expect, test } from 'vitest'
import type { Figures } from '../src/api/types'
import { levelOf } from '../src/board/level'

const figures = (inTime: number, offered: number, short = 0): Figures => {
  const counted = offered - short
  return {
    offered, answered: inTime, in_time: inTime, abandoned: offered - inTime, short_abandoned: short,
    service_level: counted === 0 ? null : inTime / counted, asa_ms: inTime === 0 ? null : 4000,
  }
}

test.each([
  [5, 5, 0, { percent: 100, grade: 'good', inTime: 5, of: 5 }],
  [999, 1000, 0, { percent: 99, grade: 'good', inTime: 999, of: 1000 }],
  [4, 6, 1, { percent: 80, grade: 'good', inTime: 4, of: 5 }],
  [799, 1000, 0, { percent: 79, grade: 'fair', inTime: 799, of: 1000 }],
  [29, 100, 0, { percent: 29, grade: 'poor', inTime: 29, of: 100 }],
  [0, 1, 0, { percent: 0, grade: 'poor', inTime: 0, of: 1 }],
])('%d in time of %d, %d of which hung up at once', (inTime, offered, short, level) => {
  expect(levelOf(figures(inTime, offered, short))).toEqual(level)
})

test('nothing to count is no level', () => {
  expect(levelOf(figures(0, 0))).toBeUndefined()
  expect(levelOf(figures(0, 2, 2))).toBeUndefined()
})
