import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { agentsQuery, callQuery } from '../api/queries'
import type { Agent } from '../api/types'
import { useLanguage } from '../i18n'
import { PhonePanel } from '../phone/PhonePanel'
import { useMe } from '../session/me'
import { written } from '../shell/number'
import { Nothing, When } from '../shell/states'
import { TalkTools } from '../talk/TalkTools'
import { nameOf, useCaller } from './caller'
import { CallerCard } from './CallerCard'
import { draftOf, emptyDraft } from './draft'
import { Queues } from './Queues'
import { StateCard } from './StateCard'
import { Today } from './Today'
import { Unsent } from './Unsent'
import { useDrafts } from './useDraft'
import { WrapUp } from './WrapUp'
import '../style/agent.css'

export default function AgentPage() {
  const { t } = useLanguage()
  const me = useMe()
  const agents = useQuery(agentsQuery)
  const self = agents.data?.find((a) => a.id === me.id)
  return <When asked={agents}>{self ? <Desk self={self} /> : <Nothing>{t('agent.none')}</Nothing>}</When>
}

/** What an agent works at: own state and queues, who is calling, what to write down. */
function Desk({ self }: { self: Agent }) {
  const caller = useCaller(self)
  const box = useDrafts()
  const [chosen, choose] = useState({ call: '', caller: '' })
  useTitle(self, nameOf(caller.pop, written(caller.number)))

  const writing = caller.call || chosen.call || (box.list[0]?.call ?? '')
  const name = caller.call ? nameOf(caller.pop, written(caller.number)) : chosen.caller
  const present = usePresent(writing, self)
  const draft = box.of(writing) ?? (present ? draftOf(present, name) : emptyDraft(name))
  return (
    <div className="desk">
      <div className="desk-own">
        <StateCard self={self} />
        <PhonePanel />
        <Queues />
      </div>
      <div className="desk-middle">
        <TalkTools self={self} />
        <CallerCard self={self} caller={caller} />
      </div>
      <div className="desk-write">
        <WrapUp self={self} call={writing} draft={{ ...draft, caller: draft.caller || name }} present={present} box={box} onDone={() => choose({ call: '', caller: '' })} />
        <Unsent box={box} writing={writing} onChoose={(call) => choose({ call, caller: '' })} />
        <Today self={self} onWrite={(c) => choose({ call: c.id, caller: c.name || written(c.number) })} />
      </div>
    </div>
  )
}

/** What is written about a call already. Of one that goes on there can be nothing. */
function usePresent(call: string, self: Agent) {
  const goesOn = self.call === call && (self.state === 'offered' || self.state === 'talking')
  const { data } = useQuery({ ...callQuery(call), enabled: call !== '' && !goesOn })
  return call === '' || goesOn ? undefined : data?.call.disposition
}

/** Says in the tab's title what is going on, for whoever is in another one. */
function useTitle(self: Agent, name: string) {
  const { word } = useLanguage()
  const state = word('state', self.state)
  const title = self.state === 'offered' || self.state === 'talking' ? `${state} · ${name}` : state
  useEffect(() => {
    document.title = `${title} · Threering`
    return () => {
      document.title = 'Threering'
    }
  }, [title])
}
