import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { api, ask } from '../api/client'
import { keepAgent } from '../api/queries'
import type { Agent } from '../api/types'
import { useLanguage } from '../i18n'
import { useHotkeys } from '../shell/Hotkeys'
import { useRefusal } from '../shell/refusal'
import { Elapsed } from '../time/Elapsed'
import { type Wish, available, breaks } from './states'

/** The agent's own state in big letters, and the ways out of it. */
export function StateCard({ self }: { self: Agent }) {
  const { t, word } = useLanguage()
  const refusal = useRefusal()
  const client = useQueryClient()
  const set = useMutation({
    mutationFn: ({ state, reason }: Wish) =>
      ask(api.PUT('/api/v1/agents/{id}/state', { params: { path: { id: self.id } }, body: { state, reason } })),
    onSuccess: (agent) => keepAgent(client, agent),
  })
  const wishes = [available, ...breaks]
  const label = (w: Wish) => (w.reason ? word('reason', w.reason) : t(self.state === 'missed' ? 'agent.back' : 'agent.available'))
  useHotkeys(wishes.flatMap((w) => (w.key ? [{ key: w.key, does: t('keys.state', { state: label(w) }), run: () => set.mutate(w) }] : [])))

  const is = (w: Wish) => w.state === self.state && (w.reason ?? '') === (self.reason ?? '')
  const after = self.next ? word('reason', self.next.reason) || word('state', self.next.state) : ''
  return (
    <section className={`own state-${self.state}`} aria-label={t('agent.own')}>
      <div className="own-state" aria-live="polite">
        <h1>{self.state === 'offered' && self.talk?.placed ? t('talk.call') : word('state', self.state)}</h1>
        <Elapsed since={self.since} className="own-time" />
        <p>{hint()}</p>
      </div>
      <div className="own-buttons">
        {wishes.map((w) => (
          <Button
            key={w.reason ?? w.state}
            type={w.state === 'available' && (self.state === 'break' || self.state === 'missed' || self.state === 'offline') ? 'primary' : 'default'}
            className={w.state === 'available' ? 'own-available' : ''}
            disabled={is(w)}
            onClick={() => set.mutate(w)}
          >
            {label(w)}
            {w.key && <kbd>{w.key}</kbd>}
          </Button>
        ))}
      </div>
      <p className="own-note" aria-live="polite">
        {set.error ? <span className="wrong">{refusal(set.error)}</span> : after && t('agent.after', { state: after })}
      </p>
    </section>
  )

  /** What the state means, where that is not plain. */
  function hint(): string {
    if (self.state === 'missed') return t('agent.missedHint')
    if (self.state === 'available' && self.reason === 'missed') return t('agent.missedOneHint')
    if (!self.reachable) return t('agent.unreachable')
    if (self.state === 'break' && self.reason !== 'no_device') return word('reason', self.reason)
    return ''
  }
}
