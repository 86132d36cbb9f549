import type { Entry } from '../api/types'

export type Phase = 'ringing' | 'menu' | 'waiting' | 'announce' | 'talk' | 'hold' | 'offer' | 'wrapup'

/** A stretch of a call in which one thing lasted; times in milliseconds. */
export interface Segment {
  phase: Phase
  from: number
  to: number
  queue?: string
  /** Why an offer ended without a talk. */
  why?: string
}

/** What one of those who take part in a call did: the caller, or an agent. */
export interface Lane {
  agent: string // '' for the caller
  segments: Segment[]
}

/** A call as lanes, the caller's first, then the agents' in the order in which they came in. */
export interface Strip {
  from: number
  to: number
  lanes: Lane[]
}

const seen = 100 // what lasts shorter, in milliseconds, is not drawn

/** One lane while it is drawn: at most one thing lasts at any moment. */
class Pen {
  readonly segments: Segment[] = []
  private open?: Segment

  begin(phase: Phase, at: number, queue?: string) {
    this.end(at)
    this.open = { phase, from: at, to: at, queue }
  }

  end(at: number, why?: string) {
    if (!this.open) return
    const done = { ...this.open, to: at, ...(why && { why }) }
    if (at - done.from >= seen || why) this.segments.push(done)
    this.open = undefined
  }
}

/** Draws a call's timeline; what still lasts, lasts until now. */
export function draw(timeline: Entry[], now: number): Strip {
  const caller = new Pen()
  const agents = new Map<string, Pen>()
  const agent = (e: Entry) => {
    const id = e.agent ?? ''
    let pen = agents.get(id)
    if (!pen) agents.set(id, (pen = new Pen()))
    return pen
  }
  for (const e of timeline) mark(e, Date.parse(e.at), caller, agent)

  const times = timeline.map((e) => Date.parse(e.at))
  const over = isOver(timeline)
  const from = times[0] ?? now
  const to = over ? Math.max(from, ...times) : Math.max(now, ...times)
  caller.end(to)
  agents.forEach((pen) => pen.end(to))
  const lanes = [{ agent: '', segments: caller.segments }]
  agents.forEach((pen, id) => lanes.push({ agent: id, segments: pen.segments }))
  return { from, to, lanes: lanes.filter((l) => l.agent === '' || l.segments.length > 0) }
}

/** Whether nothing of the call goes on any more, not even its wrap-up. */
export function isOver(timeline: Entry[]): boolean {
  const count = (kind: string) => timeline.filter((e) => e.kind === kind).length
  return count('call.ended') > 0 && count('wrapup.started') <= count('wrapup.ended')
}

function mark(e: Entry, at: number, caller: Pen, agent: (e: Entry) => Pen) {
  switch (e.kind) {
    case 'call.arrived': return caller.begin('ringing', at)
    case 'call.answered': return caller.begin('menu', at)
    case 'queue.entered': return caller.begin('waiting', at, e.queue)
    case 'queue.left': return caller.begin(e.why === 'connected' ? 'announce' : 'menu', at)
    case 'call.ended': return caller.end(at)
    case 'offer.made': return agent(e).begin('offer', at)
    case 'offer.answered': return agent(e).end(at)
    case 'offer.ended': return agent(e).end(at, e.why)
    case 'talk.started': return both('talk')
    case 'talk.held': return both('hold')
    case 'talk.resumed': return both('talk')
    case 'talk.ended':
      caller.begin('menu', at)
      return agent(e).end(at)
    case 'wrapup.started': return agent(e).begin('wrapup', at)
    case 'wrapup.ended': return agent(e).end(at)
  }

  function both(phase: Phase) {
    caller.begin(phase, at)
    agent(e).begin(phase, at)
  }
}
