import type { Agent, Mode } from '../api/types'

export const modes: Mode[] = ['listen', 'whisper', 'barge']

/** How somebody takes part in an agent's talk; undefined: they do not. */
export const modeOf = (agent: Agent, person: string): Mode | undefined => agent.talk?.watchers.find((w) => w.person === person)?.mode

/** A talk that a supervisor can take part in. */
export const isWatchable = (agent: Agent) => agent.state === 'talking' && agent.talk?.joined === true && !(agent.talk.placed && agent.talk.direction === 'internal')

/** Those who ask for help first, whoever has waited longest for it before the others; the rest stay as they are. */
export function helpFirst(agents: Agent[]): Agent[] {
  const since = (a: Agent) => (a.talk?.help ? Date.parse(a.talk.help.since) : Infinity)
  const wants = (a: Agent) => since(a) !== Infinity
  return [...agents.filter(wants).sort((a, b) => since(a) - since(b)), ...agents.filter((a) => !wants(a))]
}
