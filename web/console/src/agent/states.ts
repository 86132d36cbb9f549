import type { Agent, AgentState } from '../api/types'

/** What an agent can say of themselves, with the key that says it. */
export interface Wish {
  state: 'available' | 'break'
  reason?: string
  key?: string
}

export const available: Wish = { state: 'available', key: 'F2' }

export const breaks: Wish[] = [
  { state: 'break', reason: 'rest', key: 'F4' },
  { state: 'break', reason: 'meal', key: 'F8' },
  { state: 'break', reason: 'meeting', key: 'F9' },
  { state: 'break', reason: 'training' },
  { state: 'break', reason: 'paperwork' },
]

const busy: AgentState[] = ['offered', 'talking', 'wrapup']

/** Whether something is under way that is finished before the agent becomes something else. */
export const isBusy = (agent: Agent) => busy.includes(agent.state)

/** The call that an agent has to do with now; '' for none. */
export const callOf = (agent: Agent) => (isBusy(agent) ? (agent.call ?? '') : '')

/** What goes on between the agent and the other side, in one word. */
export function doingOf({ state, talk }: Agent): AgentState | 'placing' | 'calling' {
  if (state === 'offered' && talk?.placed) return 'placing'
  if (state === 'talking' && talk?.placed && !talk.joined) return 'calling'
  return state
}
