import { expect, test } from 'vitest'
import type { Entry } from '../src/api/types'
import { marks } from '../src/calls/marks'
import { draw, isOver } from '../src/calls/strip'

const start = Date.parse('2026-11-20T10:00:00Z')

/** A timeline from lines such as "12 offer.made agent=1001". */
function timeline(...lines: string[]): Entry[] {
  return lines.map((line, seq) => {
    const [at, kind, ...details] = line.split(' ')
    return { seq, at: new Date(start + Number(at) * 1000).toISOString(), kind: kind ?? '', ...Object.fromEntries(details.map((d) => d.split('='))) }
  })
}

/** What is drawn, in seconds from the start. */
function drawn(entries: Entry[], now = 0) {
  const strip = draw(entries, start + now * 1000)
  const lanes = strip.lanes.map((l) => [l.agent, l.segments.map((s) => [s.phase, (s.from - start) / 1000, (s.to - start) / 1000, s.why].filter((v) => v !== undefined))])
  return { lanes, from: (strip.from - start) / 1000, to: (strip.to - start) / 1000 }
}

const whole = timeline(
  '0 call.arrived', '1 call.answered', '1 flow.step', '10 keys.pressed', '10 queue.entered queue=sales',
  '10 offer.made agent=1001', '11 offer.ringing agent=1001', '22 offer.ended agent=1001 why=unanswered',
  '22 offer.made agent=1002', '25 offer.answered agent=1002', '25 queue.left why=connected', '25 caller.hears', '28 talk.started agent=1002',
  '40 talk.held agent=1002', '50 talk.resumed agent=1002', '60 talk.ended agent=1002', '60 call.ended', '60 wrapup.started agent=1002',
  '75 disposition.written agent=1002', '75 wrapup.ended agent=1002',
)

test('a whole call', () => {
  expect(isOver(whole)).toBe(true)
  expect(drawn(whole)).toEqual({
    from: 0,
    to: 75,
    lanes: [
      ['', [['ringing', 0, 1], ['menu', 1, 10], ['waiting', 10, 25], ['announce', 25, 28], ['talk', 28, 40], ['hold', 40, 50], ['talk', 50, 60]]],
      ['1001', [['offer', 10, 22, 'unanswered']]],
      ['1002', [['offer', 22, 25], ['talk', 28, 40], ['hold', 40, 50], ['talk', 50, 60], ['wrapup', 60, 75]]],
    ],
  })
})

test('what lasts still, lasts until now', () => {
  const entries = whole.slice(0, 13)
  expect(isOver(entries)).toBe(false)
  const { lanes, to } = drawn(entries, 33)
  expect(to).toBe(33)
  expect(lanes[0]?.[1]?.at(-1)).toEqual(['talk', 28, 33])
  expect(lanes[2]?.[1]?.at(-1)).toEqual(['talk', 28, 33])
})

test('a caller who gave up while phones rang', () => {
  const entries = timeline(
    '0 call.arrived', '0 call.answered', '5 queue.entered', '5 offer.made agent=1001', '9 queue.left why=abandoned', '9 call.ended',
    '9 offer.ended agent=1001 why=caller_gone',
  )
  expect(drawn(entries).lanes).toEqual([['', [['menu', 0, 5], ['waiting', 5, 9]]], ['1001', [['offer', 5, 9, 'caller_gone']]]])
})

test('offers side by side are lanes side by side', () => {
  const entries = timeline('0 call.arrived', '0 offer.made agent=1', '2 offer.made agent=2', '4 offer.answered agent=2', '4 offer.ended agent=1 why=answered_elsewhere', '9 call.ended')
  expect(drawn(entries).lanes.slice(1)).toEqual([['1', [['offer', 0, 4, 'answered_elsewhere']]], ['2', [['offer', 2, 4]]]])
})

test('an empty timeline is drawn as nothing', () => {
  expect(drawn([])).toEqual({ from: 0, to: 0, lanes: [['', []]] })
})

test.each([[500, 1], [8000, 9], [40_000, 9], [75_000, 8], [3_600_000, 7]])('a scale over %d ms has %d marks', (whole, count) => {
  const found = marks(whole)
  expect(found).toHaveLength(count)
  expect(found[0]).toBe(0)
  expect(found.at(-1)).toBeLessThanOrEqual(whole)
})
