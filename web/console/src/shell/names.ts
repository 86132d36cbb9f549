import { useQuery } from '@tanstack/react-query'
import { agentsQuery, queuesQuery } from '../api/queries'

/** What agents and queues are called, by their ids; the id where that is not known. */
export function useNames() {
  const { data: agents } = useQuery(agentsQuery)
  const { data: queues } = useQuery(queuesQuery)
  return {
    agent: (id = '') => agents?.find((a) => a.id === id)?.name ?? id,
    queue: (name = '') => queues?.find((q) => q.name === name)?.title || name,
  }
}
