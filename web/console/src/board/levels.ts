/** Tiers in queues, or levels of skills, by name; what is not in it is not had. */
export type Levels = Record<string, number>

/** Levels with one of them changed, or taken out. */
export function set(levels: Levels, name: string, level?: number): Levels {
  const { [name]: _, ...rest } = levels
  return level === undefined ? rest : { ...rest, [name]: level }
}
