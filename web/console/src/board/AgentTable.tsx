import type { Agent } from '../api/types'
import { useLanguage } from '../i18n'
import { Caller } from '../shell/Caller'
import { useNames } from '../shell/names'
import { StateTag } from '../shell/StateTag'
import { type Column, Table } from '../shell/Table'
import { Elapsed } from '../time/Elapsed'
import { SetState } from './SetState'

/** The agents: what they do, since when, and with whom. Their order stays, so that nobody jumps while being read. */
export function AgentTable({ agents }: { agents: Agent[] }) {
  const { t } = useLanguage()
  const names = useNames()
  const columns: Column<Agent>[] = [
    {
      title: t('agent'),
      cell: (a) => (
        <>
          {a.name} <span className="quiet figures">{a.id}</span>
        </>
      ),
    },
    { title: t('board.state'), width: 190, cell: (a) => <StateTag state={a.state} reason={a.reason} /> },
    { title: t('board.since'), width: 84, align: 'right', cell: (a) => <Elapsed since={a.since} /> },
    { title: t('board.with'), width: 160, cell: (a) => a.with && <Caller number={a.with} /> },
    { title: t('board.serves'), cell: (a) => <span className="quiet">{(a.queues ?? []).map(names.queue).join('、')}</span> },
    {
      title: t('board.phone'), width: 116,
      cell: (a) => (a.reachable ? <span className="quiet">{t('board.reachable')}</span> : <span className="late">{t('board.gone')}</span>),
    },
    { title: t('board.set'), width: 112, cell: (a) => <SetState agent={a} /> },
  ]
  return <Table label={t('board.agents')} columns={columns} rows={agents} keyOf={(a) => a.id} />
}
