import { expect, test } from 'vitest'
import type { Change } from '../src/api/types'
import { keyOf, whatOf } from '../src/board/changed'

const words = {
  t: (key: string, values: Record<string, unknown> = {}) => [key, ...Object.values(values)].join(' '),
  word: (group: string, name?: string) => (name ? `${group}.${name}` : ''),
  queue: (name = '') => `<${name}>`,
} as Parameters<typeof whatOf>[1]

const changed = (c: Partial<Change>) => whatOf({ at: '', kind: 'agent.set', by: 'sup', ...c }, words)

test.each([
  ['changes.set state.break · reason.meal', { state: 'break', reason: 'meal' }],
  ['changes.set state.break', { state: 'break' }],
  ['changes.set state.available', { state: 'available', reason: 'meal' }],
  ['changes.serves <sales> 2', { kind: 'agent.seated', queue: 'sales', tier: 2 }],
  ['changes.leaves <sales>', { kind: 'agent.seated', queue: 'sales' }],
  ['changes.can english 3, french 1', { kind: 'agent.skilled', skills: { french: 1, english: 3 } }],
  ['changes.cannot', { kind: 'agent.skilled' }],
  ['changes.closed', { kind: 'queue.set', state: 'closed' }],
  ['changes.opened', { kind: 'queue.set', state: 'open' }],
] as [string, Partial<Change>][])('says %s', (said, c) => expect(changed(c)).toBe(said))

test('changes of one moment are told apart', () => {
  const at = '2026-11-28T09:00:00Z'
  const one: Change = { at, kind: 'agent.seated', by: 'sup', agent: '1001', queue: 'sales' }
  expect(keyOf(one)).not.toBe(keyOf({ ...one, queue: 'support' }))
})
