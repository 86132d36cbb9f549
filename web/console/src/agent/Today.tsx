import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { dayCallsQuery } from '../api/queries'
import type { Agent, Call } from '../api/types'
import { useLanguage } from '../i18n'
import { useCenter } from '../session/me'
import { Caller } from '../shell/Caller'
import { Panel } from '../shell/Panel'
import { useNames } from '../shell/names'
import { Nothing, When } from '../shell/states'
import { Redial } from '../talk/Redial'
import { waysOf } from '../talk/ways'
import { useOfNow } from '../time/clock'
import { length } from '../time/length'
import { useMoments } from '../time/moment'
import { dayOf } from '../time/zone'
import { otherOf } from './other'

/** The agent's calls of this day; about those that nothing was written about yet, it can be. */
export function Today({ self, onWrite }: { self: Agent; onWrite: (call: Call) => void }) {
  const { t, word } = useLanguage()
  const { time } = useMoments()
  const names = useNames()
  const { time_zone } = useCenter()
  const today = useOfNow((now) => dayOf(now, time_zone)) as string
  const calls = useQuery(dayCallsQuery(today, time_zone))
  const list = calls.data ?? []
  /** The caller's, or of a call within the house the colleague's. */
  const nameOf = (c: Call) => (otherOf(c, self.id) === c.number ? c.name : names.colleague(c.dialled))
  return (
    <Panel title={t('today.title')} extra={<span className="figures">{list.length}</span>} className="today">
      <When asked={calls}>
        {list.length === 0 && <Nothing>{t('today.none')}</Nothing>}
        <ul>
          {list.map((c) => (
            <li key={c.id}>
              <span className="figures quiet">{time(c.started_at)}</span>
              <Link href={`/calls/${encodeURIComponent(c.id)}`}>
                <Caller name={nameOf(c)} number={otherOf(c, self.id)} />
              </Link>
              {c.outcome === 'not_reached' ? (
                <span className="quiet">{word('outcome', c.outcome)}</span>
              ) : (
                <span className="figures">{c.ended_at && length(c.talk_ms)}</span>
              )}
              {c.disposition ? (
                <button type="button" className="plain today-reason" title={t('today.change')} onClick={() => onWrite(c)}>
                  {c.disposition.reason}
                </button>
              ) : (
                <button type="button" className="plain" disabled={!c.ended_at} onClick={() => onWrite(c)}>
                  {c.ended_at ? t('today.write') : word('outcome', c.outcome)}
                </button>
              )}
              {c.ended_at && c.number !== 'anonymous' && <Redial call={c} disabled={!waysOf(self).call} />}
            </li>
          ))}
        </ul>
      </When>
    </Panel>
  )
}
