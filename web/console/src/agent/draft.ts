import type { Disposition } from '../api/types'

/** What an agent has written about a call and not sent yet. It outlives reloads, ended sessions and calls that come between. */
export interface Draft {
  reason: string
  notes: string
  followUp: string // a day, 2026-12-01, or ''
  caller: string // for the agent to know it by
  version: number // of what was written about the call when this was begun; 0 for nothing
  at: number // last changed, in milliseconds
}

const prefix = 'threering.draft.'
const kept = 7 * 86_400_000

export const emptyDraft = (caller: string): Draft => ({ reason: '', notes: '', followUp: '', caller, version: 0, at: 0 })

/** What is written about a call already, to be changed. */
export const draftOf = (d: Disposition, caller: string): Draft => ({
  ...emptyDraft(caller), reason: d.reason, notes: d.notes ?? '', followUp: d.follow_up ?? '', version: d.version,
})

/** Nothing to keep. What is written already and was emptied is not nothing. */
export const isEmpty = (d: Draft) => d.reason === '' && d.notes === '' && d.followUp === '' && d.version === 0

const keyOf = (agent: string, call: string) => `${prefix}${agent}.${call}`

/** One agent's drafts in a browser's storage. A storage that is full or shut keeps nothing, and nothing else stops. */
export class Drafts {
  constructor(
    private readonly storage: Storage,
    private readonly agent: string,
  ) {}

  get(call: string): Draft | undefined {
    return parse(this.storage.getItem(keyOf(this.agent, call)))
  }

  put(call: string, draft: Draft) {
    try {
      if (isEmpty(draft)) this.drop(call)
      else this.storage.setItem(keyOf(this.agent, call), JSON.stringify(draft))
    } catch {
      // The page itself still has it.
    }
  }

  drop(call: string) {
    this.storage.removeItem(keyOf(this.agent, call))
  }

  /** The calls with drafts, the latest first. Drafts that nobody came back to are dropped. */
  list(now: number): { call: string; draft: Draft }[] {
    const own = keyOf(this.agent, '')
    const found: { call: string; draft: Draft }[] = []
    for (const key of Object.keys(this.storage)) {
      if (!key.startsWith(own)) continue
      const call = key.slice(own.length)
      const draft = this.get(call)
      if (!draft || now - draft.at > kept) this.storage.removeItem(key)
      else found.push({ call, draft })
    }
    return found.sort((a, b) => b.draft.at - a.draft.at)
  }
}

function parse(text: string | null): Draft | undefined {
  if (text === null) return undefined
  try {
    return { ...emptyDraft(''), ...(JSON.parse(text) as Partial<Draft>) }
  } catch {
    return undefined
  }
}
