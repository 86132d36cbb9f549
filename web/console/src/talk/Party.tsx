import type { ReactNode } from 'react'
import type { Agent, PartyView } from '../api/types'
import { useLanguage } from '../i18n'
import { useNames } from '../shell/names'
import { written } from '../shell/number'
import { Elapsed } from '../time/Elapsed'

interface Props {
  self: Agent
  refused?: string
  onDismiss: (guest: string) => void
  /** What can be done with who is consulted. */
  children: ReactNode
}

/** Who else has to do with the talk: who is consulted, who is to have the caller, guests, and supervisors who can be heard. */
export function Party({ self: { talk }, refused, onDismiss, children }: Props) {
  const { t, word } = useLanguage()
  const names = useNames()
  const say = (p: PartyView) => (p.kind === 'number' ? written(p.id) : p.name || p.id)
  const heard = (talk?.watchers ?? []).filter((w) => w.mode !== 'listen')
  return (
    <div className="talk-party" aria-live="polite">
      {refused && <span className="wrong">{refused}</span>}
      {!refused && talk?.failed && <span className="wrong">{t('talk.failed', { who: say(talk.failed), why: word('failed', talk.failed.why) })}</span>}
      {talk?.consult && (
        <>
          <span className="tag talk-consult">{word('consult', talk.consult.state)}</span>
          <b>{say(talk.consult)}</b>
          <span className="talk-ways">{children}</span>
        </>
      )}
      {talk?.moving && (
        <>
          <span className="tag talk-moving">{t('talk.moving')}</span>
          <b>{say(talk.moving)}</b>
        </>
      )}
      {(talk?.guests ?? []).length > 0 && <span className="tag talk-guests">{t('talk.guests')}</span>}
      {talk?.guests.map((g) => (
        <span key={`${g.kind} ${g.id}`} className="talk-guest">
          <b>{say(g)}</b>
          <button type="button" className="plain" aria-label={t('talk.dismissOf', { name: say(g) })} onClick={() => onDismiss(g.id)}>
            {t('talk.dismiss')}
          </button>
        </span>
      ))}
      {heard.map((w) => (
        <span key={w.person} className="tag talk-watcher">
          {word('mode', w.mode)} · {names.agent(w.person)}
        </span>
      ))}
      {talk?.help && (
        <span className="tag talk-asked">
          {t('talk.asked')} <Elapsed since={talk.help.since} />
        </span>
      )}
    </div>
  )
}
