import type { AgentState } from '../api/types'
import { useLanguage } from '../i18n'

/** The states of which it matters why. */
const told: AgentState[] = ['break', 'missed', 'available']

/** An agent's state as a colour and a word. */
export function StateTag({ state, reason }: { state: AgentState; reason?: string }) {
  const { word } = useLanguage()
  return (
    <span className={`tag state-${state}`}>
      {word('state', state)}
      {reason && told.includes(state) && <span className="tag-more">{word('reason', reason)}</span>}
    </span>
  )
}
