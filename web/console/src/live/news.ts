import type { QueryClient, QueryKey } from '@tanstack/react-query'
import { agentsQuery, alarmsQuery, callbacksQuery, keepAgent, popQuery, queuesQuery } from '../api/queries'
import type { Agent, Entry, Figures, Pop, Queue } from '../api/types'
import { changes } from '../callbacks/changes'
import type { Message } from './sse'

export interface PopNews {
  call: string
  offer: string
  queue: string
  number: string
  partial: boolean
  pop?: Pop
}

/** What has changed of a queue: who waits and what its agents do, or the figures of the day. */
type QueueNews = Omit<Queue, 'today'> | { name: string; today: Figures }

type CallNews = Entry & { call: string }

/** Brings what the pages know up to date with an event. */
export function learn(client: QueryClient, { event, data }: Message, popped: (news: PopNews) => void) {
  const told: unknown = JSON.parse(data)
  if (event === 'reset') void client.invalidateQueries()
  else if (event === 'agent.state') learnAgent(client, told as Agent)
  else if (event === 'queue.changed' || event === 'queue.counted') learnQueue(client, told as QueueNews)
  else if (event === 'alarm') void client.invalidateQueries({ queryKey: alarmsQuery.queryKey })
  else if (event === 'pop') learnPop(client, told as PopNews, popped)
  else if (event.startsWith('call.') || (told as CallNews).call) learnCall(client, told as CallNews)
}

function learnAgent(client: QueryClient, agent: Agent) {
  const before = client.getQueryData(agentsQuery.queryKey)?.find((a) => a.id === agent.id)
  // Who has called is told of the end by their state alone, also where nobody picked up.
  if ((before?.state === 'talking' || before?.talk?.placed) && before.state !== agent.state) void client.invalidateQueries({ queryKey: ['calls', 'day'] })
  keepAgent(client, agent)
  again(client, agentsQuery.queryKey)
}

function learnQueue(client: QueryClient, news: QueueNews) {
  client.setQueryData(queuesQuery.queryKey, (list) => list?.map((q) => (q.name === news.name ? { ...q, ...news } : q)))
  again(client, queuesQuery.queryKey)
}

/** An answer that is under way may be older than the event: it is asked for anew. */
function again(client: QueryClient, queryKey: QueryKey) {
  if (client.isFetching({ queryKey }) > 0) void client.invalidateQueries({ queryKey })
}

function learnPop(client: QueryClient, news: PopNews, popped: (news: PopNews) => void) {
  if (news.pop) client.setQueryData(popQuery(news.call, news.number).queryKey, news.pop)
  popped(news)
}

/** Entries that change what a list of calls shows. */
const listed = ['call.arrived', 'call.ended', 'talk.started', 'disposition.written', 'wrapup.ended']

function learnCall(client: QueryClient, news: CallNews) {
  void client.invalidateQueries({ queryKey: ['call', news.call] })
  if (listed.includes(news.kind)) void client.invalidateQueries({ queryKey: ['calls'] })
  const { queryKey } = callbacksQuery
  const lists = client.getQueryData(queryKey)
  if (lists && changes(lists, news)) void client.invalidateQueries({ queryKey })
}
