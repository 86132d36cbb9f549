import { useQuery } from '@tanstack/react-query'
import { callQuery, popQuery } from '../api/queries'
import type { Agent, Pop } from '../api/types'
import { callOf } from './states'

/** Who the agent rings for, talks to, or has talked to. The event pop brings it first; pages that were opened later ask. */
export function useCaller(self: Agent) {
  const call = callOf(self)
  const known = self.with ?? ''
  const past = useQuery({ ...callQuery(call), enabled: call !== '' && known === '' })
  const number = known || (past.data?.call.number ?? '')
  const pop = useQuery({ ...popQuery(call, number), enabled: call !== '' && number !== '' })
  return { call, number: pop.data?.number.digits || number, pop: call ? pop.data : undefined, failed: pop.isError && !pop.data }
}

/** What to call somebody in one line. */
export const nameOf = (pop: Pop | undefined, number: string) => pop?.customer?.name || pop?.display || number
