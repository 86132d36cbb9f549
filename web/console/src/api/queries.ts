import { type QueryClient, infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { dayAfter, dayStart } from '../time/zone'
import { api, ask, expired } from './client'
import type { CallFilter } from '../calls/filter'
import { Problem } from './problem'
import type { Agent, Call, Me, Queue } from './types'

/** Who is signed in; null: nobody. Whose session has ended stays, until they say otherwise in the dialog that tells them. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ client }): Promise<Me | null> => {
    const { data, response } = await api.GET('/api/v1/session').catch((cause) => {
      throw new Problem(0, String(cause))
    })
    if (response.status === 401) {
      const before = client.getQueryData<Me | null>(['me']) ?? null
      if (before) expired()
      return before
    }
    if (!data) throw new Problem(response.status, response.statusText)
    return data
  },
  staleTime: Infinity,
})

export const agentsQuery = queryOptions({
  queryKey: ['agents'],
  queryFn: async (): Promise<Agent[]> => (await ask(api.GET('/api/v1/agents'))).agents ?? [],
  staleTime: Infinity, // events keep it up to date
})

export const queuesQuery = queryOptions({
  queryKey: ['queues'],
  queryFn: async (): Promise<Queue[]> => (await ask(api.GET('/api/v1/queues'))).queues ?? [],
  staleTime: Infinity,
})

export const alarmsQuery = queryOptions({
  queryKey: ['alarms'],
  queryFn: async () => (await ask(api.GET('/api/v1/alarms'))).alarms ?? [],
  staleTime: Infinity,
})

const look = 5000 // ms between two looks at what no event tells of

/** Who is to be called back, and who was missed. Most of what changes them is told by events. */
export const callbacksQuery = queryOptions({
  queryKey: ['callbacks'],
  queryFn: async () => ask(api.GET('/api/v1/callbacks')),
  refetchInterval: look,
})

/** What supervisors have changed about agents and queues in the last 24 hours. */
export const changesQuery = queryOptions({
  queryKey: ['changes'],
  queryFn: async () => (await ask(api.GET('/api/v1/changes'))).changes,
  refetchInterval: look,
})

export const gateQuery = queryOptions({
  queryKey: ['gate'],
  queryFn: async () => {
    const { bans, turned } = await ask(api.GET('/api/v1/gate'))
    return { bans: bans ?? [], turned }
  },
  refetchInterval: look,
})

export const trunksQuery = queryOptions({
  queryKey: ['trunks'],
  queryFn: async () => (await ask(api.GET('/api/v1/trunks'))).trunks ?? [],
  refetchInterval: look,
})

/** Who in the house can be called. No event tells agents of all others, so it is looked at anew while it is shown. */
export const targetsQuery = queryOptions({
  queryKey: ['targets'],
  queryFn: async () => (await ask(api.GET('/api/v1/targets', { params: { query: { limit: 1000 } } }))).targets,
  refetchInterval: 3000,
})

export const callQuery = (id: string) =>
  queryOptions({
    queryKey: ['call', id],
    queryFn: async () => {
      const { call, timeline, recordings } = await ask(api.GET('/api/v1/calls/{id}', { params: { path: { id } } }))
      return { call, timeline: timeline ?? [], recordings: recordings ?? [] }
    },
  })

/** Why the routing did what it did with a call: a sentence about some entries of its timeline, by their numbers. */
export const explanationQuery = (id: string, language: 'zh' | 'en') =>
  queryOptions({
    queryKey: ['call', id, 'explanation', language],
    queryFn: async () => {
      const { lines } = await ask(api.GET('/api/v1/calls/{id}/explanation', { params: { path: { id }, query: { language } } }))
      return new Map((lines ?? []).map((l) => [l.seq, l.text]))
    },
  })

/** The SIP messages of a call. */
export const ladderQuery = (id: string) =>
  queryOptions({
    queryKey: ['call', id, 'ladder'],
    queryFn: async () => ask(api.GET('/api/v1/calls/{id}/ladder', { params: { path: { id } } })),
  })

/** The calls of one day of the center, the newest first. */
export const dayCallsQuery = (day: string, zone: string) =>
  queryOptions({
    queryKey: ['calls', 'day', day],
    queryFn: async (): Promise<Call[]> => {
      const query = { from: dayStart(day, zone), to: dayStart(dayAfter(day), zone), limit: 200 }
      return (await ask(api.GET('/api/v1/calls', { params: { query } }))).calls ?? []
    },
  })

export const callsQuery = (filter: CallFilter, zone: string) =>
  infiniteQueryOptions({
    queryKey: ['calls', 'search', filter],
    queryFn: async ({ pageParam }) => {
      const { from, to, ...rest } = filter
      const query = {
        ...rest,
        from: from && dayStart(from, zone),
        to: to && dayStart(dayAfter(to), zone),
        after: pageParam || undefined,
      }
      const { calls, next } = await ask(api.GET('/api/v1/calls', { params: { query } }))
      return { calls: calls ?? [], next }
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
  })

export const popQuery = (call: string, number: string) =>
  queryOptions({
    queryKey: ['pop', call],
    queryFn: async () => ask(api.GET('/api/v1/pop', { params: { query: { number } } })),
    enabled: number !== '',
    staleTime: Infinity, // an event brings it sooner, and what is newer
  })

/** Puts an agent in the place of what was known of them. */
export function keepAgent(client: QueryClient, agent: Agent) {
  client.setQueryData(agentsQuery.queryKey, (list) => list?.map((a) => (a.id === agent.id ? agent : a)))
}
