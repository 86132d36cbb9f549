import type { AgentState } from '../api/types'
import { useLanguage } from '../i18n'

/** An agent's state as a colour and a word. */
export function StateTag({ state, reason }: { state: AgentState; reason?: string }) {
  const { word } = useLanguage()
  return (
    <span className={`tag state-${state}`}>
      {word('state', state)}
      {reason && (state === 'break' || state === 'missed') && <span className="tag-more">{word('reason', reason)}</span>}
    </span>
  )
}
