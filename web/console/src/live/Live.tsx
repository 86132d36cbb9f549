import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, createContext, useContext, useEffect, useRef, useState } from 'react'
import { expired } from '../api/client'
import { meQuery } from '../api/queries'
import { type PopNews, learn } from './news'
import { watch } from './stream'

/** Whether what the pages show is live; undefined until the first connection. */
const Context = createContext<boolean | undefined>(undefined)

export const useLive = () => useContext(Context)

/** Keeps everything below up to date, for the person who is signed in. */
export function Live({ person, onPop, children }: { person: string; onPop: (news: PopNews) => void; children: ReactNode }) {
  const client = useQueryClient()
  const [live, setLive] = useState<boolean>()
  const popped = useRef(onPop)
  useEffect(() => {
    popped.current = onPop
  }, [onPop])

  useEffect(() => {
    const leaving = new AbortController()
    const watcher = {
      message: (m: Parameters<typeof learn>[1]) => learn(client, m, (news) => popped.current(news)),
      connected: (yes: boolean) => {
        setLive(yes)
        // Somebody else may have signed in meanwhile, in another tab of this browser.
        if (yes) void client.invalidateQueries({ queryKey: meQuery.queryKey })
      },
      refused: expired,
    }
    void watch('/api/v1/events', watcher, leaving.signal)
    return () => leaving.abort()
  }, [client, person])

  return <Context value={live}>{children}</Context>
}
