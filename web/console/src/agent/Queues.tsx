import { useQuery } from '@tanstack/react-query'
import { queuesQuery } from '../api/queries'
import { useLanguage } from '../i18n'
import { Caller } from '../shell/Caller'
import { Panel } from '../shell/Panel'
import { Nothing, When } from '../shell/states'
import { Elapsed } from '../time/Elapsed'

/** Who waits in the agent's queues, and how long. */
export function Queues() {
  const { t } = useLanguage()
  const queues = useQuery(queuesQuery)
  const list = queues.data ?? []
  const total = list.reduce((sum, q) => sum + q.waiting, 0)
  return (
    <Panel title={t('queues.mine')} extra={<span className="figures">{t('queues.waiting', { count: total })}</span>} className="queues">
      <When asked={queues}>
        {list.length === 0 && <Nothing>{t('queues.none')}</Nothing>}
        <ul>
          {list.map((q) => (
            <li key={q.name}>
              <div className="queues-name">
                <span>{q.title || q.name}</span>
                <span className="quiet">{t('queues.free', { count: q.agents['available'] ?? 0 })}</span>
                <b className={`figures ${q.waiting > 0 ? 'late' : 'quiet'}`}>{q.waiting}</b>
              </div>
              <ul>
                {(q.calls ?? []).map((c) => (
                  <li key={c.call}>
                    <Caller name={c.name} number={c.number} />
                    <Elapsed since={c.since} />
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      </When>
    </Panel>
  )
}
