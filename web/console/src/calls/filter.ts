import { type Outcome, outcomes } from '../api/types'

/** Which calls are looked for; what is not set leaves all through. Days are the center's. */
export interface CallFilter {
  number?: string
  name?: string
  agent?: string
  queue?: string
  outcome?: Outcome
  from?: string
  to?: string
}

const isDay = (text: string | null) => text !== null && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
const isOutcome = (text: string | null): text is Outcome => outcomes.some((o) => o === text)

/** Reads a filter from an address; what makes no sense is left out. */
export function parse(search: string): CallFilter {
  const query = new URLSearchParams(search)
  const filter: CallFilter = {}
  for (const name of ['number', 'name', 'agent', 'queue'] as const) {
    const text = query.get(name)?.trim()
    if (text) filter[name] = text.slice(0, 50)
  }
  for (const name of ['from', 'to'] as const) {
    const day = query.get(name)
    if (isDay(day)) filter[name] = day as string
  }
  const outcome = query.get('outcome')
  if (isOutcome(outcome)) filter.outcome = outcome
  return filter
}

/** Writes a filter so that it can be read again from an address: shared, and gone back to. */
export function format(filter: CallFilter): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(filter)) if (value) query.set(name, value)
  return query.toString()
}

/** Takes what was written for a number where it looks like one, else for a name. */
export function callerOf(text: string): Pick<CallFilter, 'number' | 'name'> {
  const wanted = text.trim()
  if (wanted === '') return { number: undefined, name: undefined }
  return /^[+\d][\d\s()+-]*$/.test(wanted) ? { number: wanted, name: undefined } : { number: undefined, name: wanted }
}
