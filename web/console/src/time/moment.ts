import { useMemo } from 'react'
import { useCenter } from '../session/me'

/** Moments as the center's clocks show them, in figures that are read alike in both languages: 2026-12-01 09:30:05. */
export function moments(zone: string) {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  const full = (at: string) => format.format(new Date(at))
  return {
    full,
    day: (at: string) => full(at).slice(0, 10),
    short: (at: string) => full(at).slice(5, 16),
    time: (at: string) => full(at).slice(11, 16),
    seconds: (at: string) => full(at).slice(11),
  }
}

export function useMoments() {
  const { time_zone } = useCenter()
  return useMemo(() => moments(time_zone), [time_zone])
}
