import type { Agent } from '../api/types'

export const ways = ['call', 'transfer', 'consult', 'help', 'complete', 'conference', 'back'] as const

/** What an agent can do with a telephone and those at its other ends. */
export type Way = (typeof ways)[number]

/** What of it is possible now. The server has the last word. */
export function waysOf({ state, reachable, talk }: Pick<Agent, 'state' | 'reachable' | 'talk'>): Record<Way, boolean> {
  const idle = reachable && state !== 'talking' && state !== 'offered'
  const talking = state === 'talking' && talk?.joined === true
  const own = talking && talk.direction !== 'consultation' && !(talk.placed && talk.direction === 'internal') // they ask, or are asked, themselves else
  const alone = own && !talk.moving && talk.guests.length === 0
  return {
    call: idle,
    transfer: talking && talk.direction !== 'consultation' && !talk.consult && !talk.moving && talk.guests.length === 0,
    consult: alone && !talk.consult,
    help: talking && !(talk.placed && talk.direction === 'internal'),
    complete: alone && talk.consult !== undefined,
    conference: alone && talk.consult?.state === 'talking',
    back: alone && talk.consult !== undefined,
  }
}
