import type { Change } from '../api/types'
import type { useLanguage } from '../i18n'

type Words = Pick<ReturnType<typeof useLanguage>, 't' | 'word'> & { queue: (name?: string) => string }

/** What was changed, in words. */
export function whatOf({ kind, state = '', reason = '', queue: name, tier, skills = {} }: Change, { t, word, queue }: Words): string {
  switch (kind) {
    case 'agent.set':
      return t('changes.set', { state: [word('state', state), state === 'break' && word('reason', reason)].filter(Boolean).join(' · ') })
    case 'agent.seated':
      return tier ? t('changes.serves', { queue: queue(name), tier }) : t('changes.leaves', { queue: queue(name) })
    case 'agent.skilled': {
      const can = Object.entries(skills).sort(([x], [y]) => x.localeCompare(y))
      return can.length ? t('changes.can', { skills: can.map(([skill, level]) => `${skill} ${level}`).join(', ') }) : t('changes.cannot')
    }
    case 'queue.set':
      return t(state === 'closed' ? 'changes.closed' : 'changes.opened')
  }
}

/** Tells changes apart: one command may change several queues of an agent at one moment. */
export const keyOf = (c: Change) => [c.at, c.kind, c.agent, c.queue].join(' ')
