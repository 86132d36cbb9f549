import type { QueryClient } from '@tanstack/react-query'
import { meQuery } from '../api/queries'
import { depart } from './store'

/** Leads back to the sign-in, and forgets what the person who leaves could see. */
export function leave(client: QueryClient) {
  depart()
  client.setQueryData(meQuery.queryKey, null)
  client.removeQueries({ predicate: (q) => q.queryKey[0] !== meQuery.queryKey[0] })
}
