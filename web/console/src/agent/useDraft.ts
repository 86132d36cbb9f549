import { useCallback, useEffect, useMemo, useState } from 'react'
import { useMe } from '../session/me'
import { type Draft, Drafts } from './draft'

/** All that an agent has not sent yet, also what another tab has changed. */
export function useDrafts() {
  const { id } = useMe()
  const drafts = useMemo(() => new Drafts(localStorage, id), [id])
  const [list, setList] = useState(() => drafts.list(Date.now()))
  const look = useCallback(() => setList(drafts.list(Date.now())), [drafts])
  useEffect(() => {
    window.addEventListener('storage', look)
    return () => window.removeEventListener('storage', look)
  }, [look])

  const of = useCallback((call: string) => list.find((d) => d.call === call)?.draft, [list])
  const put = useCallback(
    (call: string, draft: Draft) => {
      drafts.put(call, { ...draft, at: Date.now() })
      look()
    },
    [drafts, look],
  )
  const drop = useCallback(
    (call: string) => {
      drafts.drop(call)
      look()
    },
    [drafts, look],
  )
  return { list, of, put, drop }
}

export type DraftBox = ReturnType<typeof useDrafts>
