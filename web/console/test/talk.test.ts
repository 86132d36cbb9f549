import { describe, expect, test } from 'vitest'
import type { Agent, TargetView } from '../src/api/types'
import { choices, numberOf } from '../src/talk/targets'
import { type Way, waysOf } from '../src/talk/ways'

type Talk = NonNullable<Agent['talk']>
const talk = (more: Partial<Talk> = {}): Talk => ({ placed: false, joined: true, held: false, guests: [], watchers: [], ...more })
const can = (state: Agent['state'], t?: Talk, reachable = true) => {
  const ways = waysOf({ state, reachable, talk: t })
  return (Object.keys(ways) as Way[]).filter((w) => ways[w])
}
const consult = (state: 'ringing' | 'waiting' | 'talking') => ({ kind: 'agent' as const, id: '1002', call: 'c2', state })
const guest = { kind: 'agent' as const, id: '1002' }

describe('what an agent can do', () => {
  test.each([
    ['whoever is free can call', can('available'), ['call']],
    ['on a break too', can('break'), ['call']],
    ['and while writing up', can('wrapup'), ['call']],
    ['but not without a phone', can('available', undefined, false), []],
    ['nor while it rings', can('offered'), []],
    ['nothing before the two have heard each other', can('talking', talk({ joined: false })), []],
    ['a talk', can('talking', talk()), ['transfer', 'consult', 'help']],
    ['a talk that they have called for', can('talking', talk({ placed: true, direction: 'out' })), ['transfer', 'consult', 'help']],
    ['a talk with a colleague whom they have called', can('talking', talk({ placed: true, direction: 'internal' })), ['transfer']],
    ['a colleague who is consulted', can('talking', talk({ direction: 'consultation' })), ['help']],
    ['a consultation that rings', can('talking', talk({ consult: consult('ringing') })), ['help', 'complete', 'back']],
    ['a consultation', can('talking', talk({ consult: consult('talking') })), ['help', 'complete', 'conference', 'back']],
    ['a transfer under way', can('talking', talk({ moving: guest })), ['help']],
    ['a conference', can('talking', talk({ guests: [guest] })), ['help']],
    ['a guest in somebody’s talk', can('talking'), []],
  ])('%s', (_, found, wanted) => expect(found).toEqual(wanted))
})

const agent = (id: string, name: string, free: boolean): TargetView => ({ kind: 'agent', id, name, free, state: free ? 'available' : 'talking', waiting: 0 })
const house = [
  agent('1003', 'Grace Chen', true),
  { kind: 'queue', id: 'sales', name: '销售', free: true, waiting: 2 } as TargetView,
  agent('1001', '王芳', false),
  agent('1002', '李强', false),
  agent('2100', 'Ann 10', true),
]
const ids = (text: string, self = '1001') => choices(house, text, self).map((c) => c.id)

describe('who is meant', () => {
  test.each([
    ['', ['1003', 'sales', '1002', '2100']], // but not oneself
    ['1002', ['1002']],
    ['100', ['1003', '1002', '2100', '100']],
    ['李', ['1002']],
    ['gra', ['1003']],
    ['chen', ['1003']],
    ['销', ['sales']],
    [' SALES ', ['sales']],
    ['10', ['1003', '1002', '2100']],
    ['nobody', []],
    ['13800138000', ['13800138000']],
    ['+86 138-0013-8000', ['+8613800138000']],
    ['1001', []],
  ])('%j', (text, found) => expect(ids(text)).toEqual(found))

  test('a number outside says so', () => {
    expect(choices(house, '010 5550 0106', '1001')).toEqual([{ kind: 'number', id: '01055500106', name: '' }])
  })

  test.each([['12', ''], ['(010) 5550-0106', '01055500106'], ['95588', '95588'], ['*8#', '*8#'], ['1a2b3c', ''], ['1'.repeat(25), '']])('%j is the number %j', (text, number) => {
    expect(numberOf(text)).toBe(number)
  })
})
