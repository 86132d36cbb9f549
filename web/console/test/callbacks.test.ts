import { QueryClient } from '@tanstack/react-query'
import { expect, test, vi } from 'vitest'
import type { Call, Callback } from '../src/api/types'
import { changes } from '../src/callbacks/changes'
import { standingOf } from '../src/callbacks/standing'

vi.stubGlobal('window', { location: { origin: 'http://center.test' } })
const { callbacksQuery } = await import('../src/api/queries')
const { learn } = await import('../src/live/news')

const at = '2026-12-01T09:30:00Z'
const callback: Callback = { call: 'owed', number: '+8613800000003', queue: 'sales', since: at, tries: 1, first: 'agent', rings: false }
const missed: Call = {
  id: 'gone', number: '+8613800000004', dialled: '400', direction: 'in', outcome: 'abandoned', started_at: at, wait_ms: 21_000, talk_ms: 0, hold_ms: 0,
  wrapup_ms: 0, talks: 0, offers: 0,
}
const lists = { waiting: [callback], missed: [missed] }

test('a callback rings, rests until the next try, or has its turn to come', () => {
  const now = Date.parse(at)
  const next = '2026-12-01T09:45:00Z'
  expect(standingOf({ rings: true, next }, now)).toBe('rings')
  expect(standingOf({ rings: false, next }, now)).toBe('rests')
  expect(standingOf({ rings: false, next }, Date.parse(next))).toBe('turn')
  expect(standingOf({ rings: false }, now)).toBe('turn')
})

test.each([
  ['somebody books', true, { call: 'other', kind: 'callback.booked' }],
  ['a phone rings for one of them', true, { call: 'owed', kind: 'offer.made' }],
  ['a phone rings for somebody else', false, { call: 'other', kind: 'offer.made' }],
  ['one of them is dropped', true, { call: 'owed', kind: 'queue.left' }],
  ['a caller hangs up waiting', true, { call: 'other', kind: 'call.ended', outcome: 'abandoned' }],
  ['nobody came', true, { call: 'other', kind: 'call.ended', outcome: 'gave_up' }],
  ['a talk is over', false, { call: 'other', kind: 'call.ended', outcome: 'answered' }],
  ['who was missed calls again', true, { call: 'other', kind: 'call.arrived', number: missed.number }],
  ['who was missed is called', true, { call: 'other', kind: 'call.placed', number: missed.number }],
  ['a stranger calls', false, { call: 'other', kind: 'call.arrived', number: '+8613900000000' }],
] as const)('%s: the lists change: %s', (_, expected, news) => {
  expect(changes(lists, news)).toBe(expected)
})

test('the lists are asked for anew when an event changes them, and only then', () => {
  const client = new QueryClient()
  client.setQueryData(callbacksQuery.queryKey, lists)
  const stale = () => client.getQueryState(callbacksQuery.queryKey)?.isInvalidated
  const hear = (news: object) => learn(client, { event: 'call.ended', data: JSON.stringify({ call: 'other', kind: 'call.ended', ...news }) }, () => {})
  hear({ outcome: 'answered' })
  expect(stale()).toBe(false)
  hear({ outcome: 'abandoned' })
  expect(stale()).toBe(true)
})
