import { useSyncExternalStore } from 'react'

/** How far the server's clock is ahead of this machine's, in milliseconds. */
let ahead = 0

const tolerated = 2000 // a Date header has whole seconds, and was some time under way

/** Learns from a Date header where the clock here is wrong: times that the server tells are measured against its own. */
export function correct(date: string | null) {
  const server = date ? Date.parse(date) : NaN
  if (Number.isNaN(server)) return
  const difference = server + 500 - Date.now()
  if (Math.abs(difference - ahead) > tolerated) ahead = Math.abs(difference) > tolerated ? difference : 0
}

export const now = () => Date.now() + ahead

/** One ticker for all that counts seconds, so that all of them change at the same moment. */
const listeners = new Set<() => void>()
let timer = 0
let tick = now()

function run() {
  tick = now()
  listeners.forEach((l) => l())
  timer = window.setTimeout(run, 1000 - (now() % 1000))
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  if (listeners.size === 1) run()
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) window.clearTimeout(timer)
  }
}

/** The moment, in milliseconds; new each second. */
export const useNow = () => useSyncExternalStore(subscribe, () => tick)

/** Something that follows from the moment, and changes less often than it. */
export const useOfNow = (find: (now: number) => string | boolean) => useSyncExternalStore(subscribe, () => find(tick))
