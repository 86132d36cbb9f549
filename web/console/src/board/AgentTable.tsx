import type { Agent } from '../api/types'
import { useLanguage } from '../i18n'
import { useMe } from '../session/me'
import { Caller } from '../shell/Caller'
import { useNames } from '../shell/names'
import { StateTag } from '../shell/StateTag'
import { type Column, Table } from '../shell/Table'
import { Elapsed } from '../time/Elapsed'
import { Seat } from './Seat'
import { SetState } from './SetState'
import { Watch } from './Watch'
import { helpFirst } from './watching'

/** The agents: what they do, since when, and with whom. Their order stays, so that nobody jumps while being read; who asks for
 *  help alone stands first. */
export function AgentTable({ agents }: { agents: Agent[] }) {
  const { t } = useLanguage()
  const { role } = useMe()
  const columns: Column<Agent>[] = [
    {
      title: t('agent'),
      cell: (a) => (
        <>
          {a.name} <span className="quiet figures">{a.id}</span>
        </>
      ),
    },
    { title: t('board.state'), width: 190, cell: (a) => <State agent={a} /> },
    { title: t('board.since'), width: 84, align: 'right', cell: (a) => <Elapsed since={a.since} /> },
    { title: t('board.with'), width: 160, cell: (a) => a.with && <Caller number={a.with} /> },
    { title: t('board.serves'), cell: (a) => <Seat agent={a} /> },
    {
      title: t('board.phone'), width: 116,
      cell: (a) => (a.reachable ? <span className="quiet">{t('board.reachable')}</span> : <span className="late">{t('board.gone')}</span>),
    },
    ...(role === 'supervisor' ? [{ title: t('watch.title'), width: 112, cell: (a: Agent) => <Watch agent={a} /> }] : []),
    { title: t('board.set'), width: 112, cell: (a) => <SetState agent={a} /> },
  ]
  return <Table label={t('board.agents')} columns={columns} rows={helpFirst(agents)} keyOf={(a) => a.id} />
}

/** An agent's state; what they ask help for; and who takes part in their talk. */
function State({ agent: { state, reason, talk, next } }: { agent: Agent }) {
  const { t, word } = useLanguage()
  const names = useNames()
  const more = [
    talk?.held && !talk.consult && t('board.held'),
    talk?.consult && word('consult', talk.consult.state),
    talk?.moving && t('board.moving'),
    talk && talk.guests.length > 0 && t('talk.guests'),
    next && t('board.next', { state: word('state', next.state) }),
  ].filter(Boolean)
  return (
    <>
      <StateTag state={state} reason={reason} /> {more.length > 0 && <span className="quiet">{more.join(' · ')}</span>}
      {talk?.help && (
        <p className="board-help">
          <b className="tag">
            {t('board.help')} <Elapsed since={talk.help.since} />
          </b>
          {talk.help.text}
        </p>
      )}
      {talk && talk.watchers.length > 0 && (
        <p className="quiet">{talk.watchers.map((w) => `${word('mode', w.mode)} ${names.agent(w.person)}`).join(' · ')}</p>
      )}
    </>
  )
}
