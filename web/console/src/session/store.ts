import { useSyncExternalStore } from 'react'
import { whenExpired } from '../api/client'

/** Whether the session of whom the pages are for has ended. The pages stay as they are until they sign in again. */
let ended = false
const listeners = new Set<() => void>()

export function setEnded(yes: boolean) {
  ended = yes
  listeners.forEach((l) => l())
}

whenExpired(() => setEnded(true))

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useEnded = () => useSyncExternalStore(subscribe, () => ended)
