import type { Call } from '../api/types'
import { useLanguage } from '../i18n'
import { Caller } from '../shell/Caller'
import { useNames } from '../shell/names'
import { length } from '../time/length'
import { useMoments } from '../time/moment'
import { OutcomeTag } from './OutcomeTag'

/** A call in a few lines: who, when, with whom, how long, and what was written about it. */
export function Facts({ call }: { call: Call }) {
  const { t } = useLanguage()
  const { full } = useMoments()
  const names = useNames()
  const facts = [
    [t('calls.time'), full(call.started_at)],
    [t('queue'), names.queue(call.queue)],
    [t('agent'), call.agent && `${names.agent(call.agent)} ${call.agent}`],
    [t('calls.waited'), length(call.wait_ms)],
    [t('calls.talk'), length(call.talk_ms)],
    [t('calls.hold'), call.hold_ms > 0 && length(call.hold_ms)],
    [t('calls.wrapup'), length(call.wrapup_ms)],
  ].filter(([, value]) => value)
  const { disposition } = call
  return (
    <section className="panel facts">
      <h1>
        <Caller name={call.name} number={call.number} /> <OutcomeTag outcome={call.outcome} />
      </h1>
      <dl>
        {facts.map(([name, value]) => (
          <div key={String(name)}>
            <dt>{name}</dt>
            <dd className="figures">{value}</dd>
          </div>
        ))}
      </dl>
      {disposition && (
        <p className="facts-disposition">
          <b>{disposition.reason}</b>
          {disposition.notes && <span>{disposition.notes}</span>}
          {disposition.follow_up && <span className="figures">{t('calls.followUp', { day: disposition.follow_up })}</span>}
        </p>
      )}
    </section>
  )
}
