import { QueryClient } from '@tanstack/react-query'
import { Problem } from './problem'

const tries = 2

/** What the pages know of the server. A refusal is not asked for again; a failure is, a few times. */
export const client = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => count < tries && error instanceof Problem && (error.status === 0 || error.status >= 500),
      refetchOnWindowFocus: false, // events keep everything up to date
    },
  },
})
