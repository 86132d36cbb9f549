import { useSyncExternalStore } from 'react'
import { api, whenExpired } from '../api/client'

/** Whether the session of whom the pages are for has ended. The pages stay as they are until they sign in again. */
let ended = false
let changes = 0
/** Whether somebody is in, and is not about to go: only then can a session end that is anybody's. */
let inside = false
const listeners = new Set<() => void>()

function setEnded(yes: boolean) {
  ended = yes
  changes++
  listeners.forEach((l) => l())
}

/** Somebody has come in. */
export function enter() {
  inside = true
  setEnded(false)
}

/** They go of their own accord: what is refused from now on is no session that ended under their hands. */
export function depart() {
  inside = false
  setEnded(false)
}

/** Makes sure: what was refused may have been asked for before they signed in again, and be answered only now. */
async function check() {
  if (ended || !inside) return
  const before = changes
  const { response } = await api.GET('/api/v1/session')
  if (response.status === 401 && changes === before) setEnded(true)
}

whenExpired(() => void check().catch(() => undefined)) // who is not reached will refuse again

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const hasEnded = () => ended

export const useEnded = () => useSyncExternalStore(subscribe, hasEnded)
