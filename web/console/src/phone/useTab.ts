import { useEffect } from 'react'
import type { News } from './state'

/** Lets one of a browser's tabs have the phone. The next one has it when that is closed, or gives it up. */
export function useTab(person: string, wanted: boolean, tell: (news: News) => void) {
  useEffect(() => {
    if (!wanted) return
    if (!navigator.locks) {
      tell({ type: 'tab', ours: true }) // a page that came in the clear has no locks; nor a microphone, which is said
      return
    }
    const leaving = new AbortController()
    const name = `threering.phone.${person}`
    const have = () =>
      new Promise<void>((release) => {
        if (leaving.signal.aborted) return release()
        leaving.signal.addEventListener('abort', () => release())
        tell({ type: 'tab', ours: true })
      })
    const wait = async () => {
      const free = await navigator.locks.request(name, { ifAvailable: true }, (lock) => lock && have().then(() => true))
      if (free || leaving.signal.aborted) return
      tell({ type: 'tab', ours: false })
      await navigator.locks.request(name, { signal: leaving.signal }, have)
    }
    void wait().catch(() => undefined) // given up
    return () => leaving.abort()
  }, [person, wanted, tell])
}
