import type { Queue } from '../api/types'
import { useLanguage } from '../i18n'
import { Caller } from '../shell/Caller'
import { Panel } from '../shell/Panel'
import { Nothing } from '../shell/states'
import { Waited } from './Waited'

/** Everybody who waits, whoever has waited longest first. */
export function Waiting({ queues }: { queues: Queue[] }) {
  const { t } = useLanguage()
  const calls = queues
    .flatMap((q) => (q.calls ?? []).map((c) => ({ ...c, queue: q.title || q.name, target: q.target_ms })))
    .sort((a, b) => Date.parse(a.since) - Date.parse(b.since))
  return (
    <Panel title={t('board.who')} extra={<span className="figures">{calls.length}</span>} className="waiting">
      {calls.length === 0 && <Nothing>{t('board.nobody')}</Nothing>}
      <ol>
        {calls.map((c) => (
          <li key={c.call}>
            <Waited since={c.since} target={c.target} />
            <Caller name={c.name} number={c.number} />
            <span className="quiet">{c.queue}</span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
