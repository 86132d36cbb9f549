import { Skeleton } from 'antd'
import type { Agent, Pop } from '../api/types'
import { useLanguage } from '../i18n'
import { useNames } from '../shell/names'
import { written } from '../shell/number'
import { Nothing } from '../shell/states'
import { length } from '../time/length'
import { Elapsed } from '../time/Elapsed'
import { useMoments } from '../time/moment'
import { type useCaller } from './caller'
import { callOf, doingOf } from './states'
import '../style/pop.css'

/** The pop: who is calling, before the phone is picked up. */
export function CallerCard({ self, caller }: { self: Agent; caller: ReturnType<typeof useCaller> }) {
  const { t, word } = useLanguage()
  const names = useNames()
  if (!callOf(self)) {
    return (
      <section className="panel pop pop-empty">
        <Nothing>{t('pop.empty')}</Nothing>
      </section>
    )
  }
  const { pop, number, failed } = caller
  const colleague = names.colleague(number)
  return (
    <section className={`panel pop pop-${self.state}`} aria-label={t('pop.title')}>
      <header className={`pop-head state-${self.state}`} aria-live="assertive">
        <div>
          <h2>
            {pop?.customer?.name ?? colleague ?? t(number === 'anonymous' ? 'anonymous' : 'pop.unknown')}
            {pop?.customer?.vip && <span className="tag vip">VIP</span>}
          </h2>
          <p>
            <span className="pop-number figures">{number === 'anonymous' ? '' : (pop?.display ?? written(number))}</span>
            {colleague ? <span>{t('talk.colleague')}</span> : pop?.customer?.company && <span>{pop.customer.company}</span>}
          </p>
        </div>
        <div className="pop-time">
          <span>{word('doing', doingOf(self))}</span>
          <Elapsed since={self.since} />
        </div>
      </header>
      {colleague ? null : pop ? <Known pop={pop} /> : failed ? <p className="pad wrong">{t('pop.failed')}</p> : <Skeleton active className="pad" title={false} />}
    </section>
  )
}

function Known({ pop }: { pop: Pop }) {
  const { t, word } = useLanguage()
  const { day, short } = useMoments()
  const names = useNames()
  const matters = (pop.matters ?? []).filter((m) => m.state !== 'closed')
  const { orders, calls, others } = pop
  return (
    <div className="pop-body">
      {pop.customer?.notes && <p className="pop-notes">{pop.customer.notes}</p>}
      {others && others.length > 0 && <p className="quiet">{t('pop.others', { names: others.map((o) => o.name).join('、') })}</p>}
      <Part title={t('pop.matters')} count={matters.length}>
        {matters.map((m) => (
          <li key={m.id}>
            <span className={`tag matter-${m.state}`}>{word('matter', m.state)}</span>
            <span className="grow">{m.title}</span>
            <span className="quiet figures">{m.id}</span>
            <span className="quiet figures">{day(m.opened_at)}</span>
          </li>
        ))}
      </Part>
      <Part title={t('pop.orders')} count={orders?.length ?? 0}>
        {orders?.map((o) => (
          <li key={o.id}>
            <span className="grow">{o.title}</span>
            <span>{o.state}</span>
            <span className="figures">{o.amount}</span>
            <span className="quiet figures">{o.id}</span>
            <span className="quiet figures">{day(o.ordered_at)}</span>
          </li>
        ))}
      </Part>
      <Part title={t('pop.calls')} count={calls?.length ?? 0}>
        {calls?.map((c) => (
          <li key={c.id} className="pop-call">
            <span className="figures">{short(c.at)}</span>
            <span>{names.queue(c.queue)}</span>
            <span className="grow">
              {c.disposition || word('outcome', c.outcome)}
              {c.notes && <span className="quiet"> {c.notes}</span>}
            </span>
            <span>{names.agent(c.agent)}</span>
            <span className="quiet figures">{c.seconds > 0 && length(c.seconds * 1000)}</span>
          </li>
        ))}
      </Part>
    </div>
  )
}

function Part({ title, count, children }: { title: string; count: number; children: React.ReactNode }) {
  const { t } = useLanguage()
  return (
    <section className="pop-part">
      <h3>
        {title} <span className="quiet figures">{count}</span>
      </h3>
      {count === 0 ? <p className="quiet">{t('none')}</p> : <ul>{children}</ul>}
    </section>
  )
}
