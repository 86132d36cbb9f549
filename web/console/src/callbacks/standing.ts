import type { Callback } from '../api/types'

/** How it stands with a callback: somebody is rung for it, it rests until the next try, or its turn is to come. */
export const standings = ['rings', 'rests', 'turn'] as const

export type Standing = (typeof standings)[number]

/** now in milliseconds. */
export function standingOf({ rings, next }: Pick<Callback, 'rings' | 'next'>, now: number): Standing {
  if (rings) return 'rings'
  return next && Date.parse(next) > now ? 'rests' : 'turn'
}
