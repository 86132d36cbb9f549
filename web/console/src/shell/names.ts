import { useQuery } from '@tanstack/react-query'
import { agentsQuery } from '../api/queries'
import { useMe } from '../session/me'

/** What agents and queues are called, by their ids; the id where that is not known. */
export function useNames() {
  const { queue_titles } = useMe()
  const { data: agents } = useQuery(agentsQuery)
  return {
    agent: (id = '') => agents?.find((a) => a.id === id)?.name ?? id,
    /** The name of who has this id in the house. */
    colleague: (id = '') => agents?.find((a) => a.id === id)?.name,
    queue: (name = '') => queue_titles[name] ?? name,
  }
}
