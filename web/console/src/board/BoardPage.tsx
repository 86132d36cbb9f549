import { useQuery } from '@tanstack/react-query'
import { App } from 'antd'
import { useState } from 'react'
import { agentsQuery, queuesQuery } from '../api/queries'
import { type AgentState, states } from '../api/types'
import { useLanguage } from '../i18n'
import { Panel } from '../shell/Panel'
import { Nothing, When } from '../shell/states'
import { AgentTable } from './AgentTable'
import { QueueTable } from './QueueTable'
import { Waiting } from './Waiting'
import '../style/board.css'

/** The center as it is at this moment. */
export default function BoardPage() {
  const { t } = useLanguage()
  const agents = useQuery(agentsQuery)
  const queues = useQuery(queuesQuery)
  const [only, setOnly] = useState<AgentState>()
  const shown = (agents.data ?? []).filter((a) => !only || a.state === only)
  return (
    <App className="board">
      <div className="board-queues">
        <Panel title={t('board.queues')}>
          <When asked={queues}>
            <QueueTable queues={queues.data ?? []} />
          </When>
        </Panel>
        <Waiting queues={queues.data ?? []} />
      </div>
      <Panel title={t('board.agents')} extra={<Counts only={only} onChange={setOnly} />} className="board-agents">
        <When asked={agents}>
          {shown.length === 0 && agents.data?.length === 0 ? <Nothing>{t('board.noAgents')}</Nothing> : <AgentTable agents={shown} />}
        </When>
      </Panel>
    </App>
  )
}

/** How many agents are in each state; pressed, they alone are shown. */
function Counts({ only, onChange }: { only?: AgentState; onChange: (state?: AgentState) => void }) {
  const { word } = useLanguage()
  const { data = [] } = useQuery(agentsQuery)
  return (
    <div className="counts">
      {states.map((s) => (
        <button type="button" key={s} className={`tag state-${s}`} aria-pressed={only === s} onClick={() => onChange(only === s ? undefined : s)}>
          {word('state', s)} <b className="figures">{data.filter((a) => a.state === s).length}</b>
        </button>
      ))}
    </div>
  )
}
