import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { agentsQuery, queuesQuery } from '../api/queries'
import { type Agent, type AgentState, states } from '../api/types'
import { useLanguage } from '../i18n'
import { PhonePanel } from '../phone/PhonePanel'
import { useMe } from '../session/me'
import { useHotkeys } from '../shell/Hotkeys'
import { Panel } from '../shell/Panel'
import { Nothing, When } from '../shell/states'
import { AgentTable } from './AgentTable'
import { Changes } from './Changes'
import { QueueTable } from './QueueTable'
import { useWatch } from './useWatch'
import { Waiting } from './Waiting'
import { helpFirst } from './watching'
import '../style/board.css'

/** The center as it is at this moment. */
export default function BoardPage() {
  const { t } = useLanguage()
  const agents = useQuery(agentsQuery)
  const queues = useQuery(queuesQuery)
  const [only, setOnly] = useState<AgentState>()
  useHelp(agents.data ?? [])
  const shown = (agents.data ?? []).filter((a) => !only || a.state === only)
  return (
    <div className="board">
      <div className="board-queues">
        <Panel title={t('board.queues')}>
          <When asked={queues}>
            <QueueTable queues={queues.data ?? []} />
          </When>
        </Panel>
        <div className="board-side">
          <Waiting queues={queues.data ?? []} />
          <PhonePanel />
        </div>
      </div>
      <Panel title={t('board.agents')} extra={<Counts only={only} onChange={setOnly} />} className="board-agents">
        <When asked={agents}>
          {shown.length === 0 && agents.data?.length === 0 ? <Nothing>{t('board.noAgents')}</Nothing> : <AgentTable agents={shown} />}
        </When>
      </Panel>
      <Changes />
    </div>
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

/** Says in the tab's title, for whoever is in another one, that somebody asks for help; a key takes part where it is asked for. */
function useHelp(agents: Agent[]) {
  const { t } = useLanguage()
  const { role } = useMe()
  const watch = useWatch()
  const [first, ...more] = helpFirst(agents).filter((a) => a.talk?.help)
  const listen = () => first?.call && watch.run({ call: first.call, mode: 'listen', already: false })
  useHotkeys(role === 'supervisor' ? [{ key: 'Shift+H', does: t('watch.key'), run: listen }] : [])
  const title = first ? `(${1 + more.length}) ${t('board.help')} · ${first.name}` : ''
  useEffect(() => {
    if (!title) return undefined
    document.title = title
    return () => {
      document.title = 'Threering'
    }
  }, [title])
}
