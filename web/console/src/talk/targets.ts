import type { Target, TargetView } from '../api/types'

/** Somebody to choose: of the house, or a number that was typed. */
export interface Choice extends Target {
  name: string
  of?: TargetView
}

const shown = 50

/** Those of a list that a text means, what it means best first. A number that is nobody's of the house is one outside. */
export function choices(targets: TargetView[], text: string, self: string): Choice[] {
  const wanted = text.trim().toLowerCase()
  const others = targets.filter((t) => !(t.kind === 'agent' && t.id === self))
  const found = others
    .map((of) => ({ of, rank: rankOf(of, wanted) }))
    .filter((f) => f.rank < none)
    .sort((a, b) => a.rank - b.rank) // a stable one: the free stay first
    .slice(0, shown)
    .map(({ of }): Choice => ({ kind: of.kind, id: of.id, name: of.name, of }))
  const number = numberOf(text)
  if (number && !targets.some((t) => t.id === number)) found.push({ kind: 'number', id: number, name: '' })
  return found
}

const none = 4

/** How well somebody fits: by the whole id, its beginning, the name's beginning, or anything within. */
function rankOf({ id, name }: TargetView, wanted: string): number {
  const [own, called] = [id.toLowerCase(), name.toLowerCase()]
  if (own === wanted) return 0
  if (own.startsWith(wanted)) return 1
  if (called.startsWith(wanted)) return 2
  return own.includes(wanted) || called.includes(wanted) ? 3 : none
}

/** The number that a text is, as people write one; '' for none. */
export function numberOf(text: string): string {
  const bare = text.replace(/[\s\-().]/g, '')
  return /^\+?[\d*#]{3,24}$/.test(bare) ? bare : ''
}
