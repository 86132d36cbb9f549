import type { Agent } from '../api/types'

/** What is to become of a waiting call. */
export type Wish = { do: 'move'; queue: string } | { do: 'priority'; priority: number } | { do: 'take'; agent: string }

/** The priorities that are chosen from; a step is worth half a minute of waiting. */
export const priorities = [
  { name: 'urgent', priority: 20 },
  { name: 'high', priority: 4 },
  { name: 'usual', priority: 0 },
  { name: 'low', priority: -4 },
] as const

/** The name of the nearest of them that a priority reaches. */
export const priorityName = (priority: number) => (priority >= 20 ? 'urgent' : priority > 0 ? 'high' : priority < 0 ? 'low' : 'usual')

/** What a choice of the list says: what to do, and with what. */
export function parse(value: string): Wish {
  const [what, ...rest] = value.split(' ')
  const which = rest.join(' ')
  if (what === 'move') return { do: 'move', queue: which }
  return what === 'priority' ? { do: 'priority', priority: Number(which) } : { do: 'take', agent: which }
}

/** Who can be given a call now, the available before those on a break. */
export function takers(agents: Agent[]): Agent[] {
  const order = ['available', 'missed', 'break']
  return agents.filter((a) => a.reachable && order.includes(a.state)).sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
}
