import type { Ladder } from '../api/types'

/** What a message is: somebody asks, says that it takes time, agrees, sends elsewhere, or refuses. */
export type Sort = 'asks' | 'waits' | 'agrees' | 'elsewhere' | 'refuses'

/** One message of a ladder as it is drawn; places across in percent of the width. */
export interface Rung {
  words: string
  sort: Sort
  repeated: boolean
  from: number
  to: number
  left: number
  width: number
  /** The arrow points to the right. */
  right: boolean
  after: number // ms since the first message
}

const again = ', repeated'

/** Where the line of a participant stands, in percent of the width: each in the middle of a column. */
export const placeOf = (column: number, columns: number) => (100 * (column + 0.5)) / columns

/** Draws the messages of a call between the lines of those who take part. */
export function climb({ participants, messages }: Ladder): Rung[] {
  const columns = participants?.length ?? 0
  const start = Date.parse(messages?.[0]?.at ?? '')
  return (messages ?? []).map((m) => {
    const [from, to] = [placeOf(m.from, columns), placeOf(m.to, columns)]
    const repeated = m.line.endsWith(again)
    const words = repeated ? m.line.slice(0, -again.length) : m.line
    return {
      words, repeated, sort: sortOf(words), from: m.from, to: m.to, left: Math.min(from, to), width: Math.abs(to - from), right: to > from,
      after: Date.parse(m.at) - start,
    }
  })
}

/** By the class of the status (RFC 3261, section 7.2); without one it is a request. */
function sortOf(words: string): Sort {
  const status = /^(\d)\d\d /.exec(words)?.[1]
  if (!status) return 'asks'
  return status === '1' ? 'waits' : status === '2' ? 'agrees' : status === '3' ? 'elsewhere' : 'refuses'
}
