import type { Figures } from '../api/types'

export type Grade = 'good' | 'fair' | 'poor'

/** A queue's service level of today, as it is shown. */
export interface Level {
  percent: number // rounded down: 100 means all, and what falls short of a grade is not shown as having it
  grade: Grade
  inTime: number
  /** All that count: who hung up at once is left out. */
  of: number
}

const good = 80 // percent in time, as most centers promise
const fair = 60

/** Undefined while there is nothing to count. */
export function levelOf({ service_level, in_time, offered, short_abandoned }: Figures): Level | undefined {
  if (service_level === null) return undefined
  const percent = Math.floor(service_level * 100 + 1e-9) // 0.29 * 100 is 28.999999999999996
  const grade = percent >= good ? 'good' : percent >= fair ? 'fair' : 'poor'
  return { percent, grade, inTime: in_time, of: offered - short_abandoned }
}
