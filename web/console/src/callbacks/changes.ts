import type { Call, Callback, Entry } from '../api/types'

/** Who is to be called back, and who was missed. */
export interface Callbacks {
  waiting: Callback[]
  missed: Call[]
}

type News = Pick<Entry, 'kind' | 'number' | 'outcome'> & { call: string }

/** How a call ends whose caller is missed. */
const lost = ['abandoned', 'gave_up', 'interrupted']

/** Begin a call with somebody: who was missed is so no more. */
const begins = ['call.arrived', 'call.placed']

/** Whether something that happened in a call changes the lists. */
export function changes({ waiting, missed }: Callbacks, { call, kind, number, outcome = '' }: News): boolean {
  if (kind.startsWith('callback.') || waiting.some((c) => c.call === call)) return true
  if (kind === 'call.ended') return lost.includes(outcome)
  return begins.includes(kind) && missed.some((c) => c.number === number)
}
