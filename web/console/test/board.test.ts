import { expect, test } from 'vitest'
import type { Agent } from '../src/api/types'
import { parse, priorities, priorityName, takers } from '../src/board/arranging'
import { set } from '../src/board/levels'
import { helpFirst, isWatchable, modeOf } from '../src/board/watching'

type Talk = NonNullable<Agent['talk']>
const talk = (more: Partial<Talk> = {}): Talk => ({ placed: false, joined: true, held: false, guests: [], watchers: [], ...more })
const agent = (id: string, more: Partial<Agent> = {}): Agent => ({
  id, name: id, state: 'talking', since: '2026-12-01T01:00:00Z', reachable: true, queues: [], tiers: {}, ...more,
})
const help = (since: string) => talk({ help: { since: `2026-12-01T01:0${since}:00Z` } })
const ids = (agents: Agent[]) => agents.map((a) => a.id)

test('who asks for help stands first, the oldest wish before the others', () => {
  const agents = [agent('1'), agent('2', { talk: help('5') }), agent('3', { talk: talk() }), agent('4', { talk: help('2') })]
  expect(ids(helpFirst(agents))).toEqual(['4', '2', '1', '3'])
  expect(ids(helpFirst([agent('1'), agent('2')]))).toEqual(['1', '2'])
})

test('a talk is taken part in once it has begun, by who has it', () => {
  expect(isWatchable(agent('1', { talk: talk() }))).toBe(true)
  expect(isWatchable(agent('1', { talk: talk({ joined: false }) }))).toBe(false)
  expect(isWatchable(agent('1'))).toBe(false) // a guest in another's
  expect(isWatchable(agent('1', { talk: talk({ placed: true, direction: 'internal' }) }))).toBe(false)
})

test('how somebody takes part', () => {
  const watched = agent('1', { talk: talk({ watchers: [{ person: 'sup', mode: 'whisper' }] }) })
  expect([modeOf(watched, 'sup'), modeOf(watched, 'other'), modeOf(agent('1'), 'sup')]).toEqual(['whisper', undefined, undefined])
})

test('levels change one at a time', () => {
  expect(set({ a: 1, b: 2 }, 'b', 5)).toEqual({ a: 1, b: 5 })
  expect(set({ a: 1, b: 2 }, 'b')).toEqual({ a: 1 })
  expect(set({}, 'c', 3)).toEqual({ c: 3 })
})

test.each([
  ['move sales team', { do: 'move', queue: 'sales team' }],
  ['priority -4', { do: 'priority', priority: -4 }],
  ['take 1001', { do: 'take', agent: '1001' }],
])('%s', (value, wish) => expect(parse(value)).toEqual(wish))

test('every priority has its name', () => {
  expect(priorities.map((p) => priorityName(p.priority))).toEqual(priorities.map((p) => p.name))
  expect([1, 19, 100, -100].map(priorityName)).toEqual(['high', 'high', 'urgent', 'low'])
})

test('a call is given to those whose phone can ring, the available first', () => {
  const agents = [
    agent('1', { state: 'break' }), agent('2', { state: 'available' }), agent('3', { state: 'available', reachable: false }), agent('4'), agent('5', { state: 'wrapup' }),
    agent('6', { state: 'missed' }),
  ]
  expect(ids(takers(agents))).toEqual(['2', '6', '1'])
})
