import { useQuery } from '@tanstack/react-query'
import { agentsQuery } from '../api/queries'
import type { Queue } from '../api/types'
import { useLanguage } from '../i18n'
import { Caller } from '../shell/Caller'
import { Panel } from '../shell/Panel'
import { Nothing } from '../shell/states'
import { Arrange } from './Arrange'
import { priorityName } from './arranging'
import { Waited } from './Waited'

/** Everybody who waits, whoever has waited longest first, and what can be done for them. */
export function Waiting({ queues }: { queues: Queue[] }) {
  const { t, word } = useLanguage()
  const { data: agents = [] } = useQuery(agentsQuery)
  const calls = queues
    .flatMap((q) => (q.calls ?? []).map((c) => ({ ...c, queue: q.name, title: q.title || q.name, target: q.target_ms })))
    .sort((a, b) => Date.parse(a.since) - Date.parse(b.since))
  return (
    <Panel title={t('board.who')} extra={<span className="figures">{calls.length}</span>} className="waiting">
      {calls.length === 0 && <Nothing>{t('board.nobody')}</Nothing>}
      <ol>
        {calls.map((c) => (
          <li key={c.call}>
            <Waited since={c.since} target={c.target} />
            <Caller name={c.name} number={c.number} />
            <span className="waiting-queue quiet">
              {c.priority ? <span className={`tag priority-${priorityName(c.priority)}`}>{word('priority', priorityName(c.priority))}</span> : null} {c.title}
            </span>
            <Arrange call={c} queue={c.queue} queues={queues} agents={agents} />
          </li>
        ))}
      </ol>
    </Panel>
  )
}
