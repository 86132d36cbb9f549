import { Table, type TableColumnsType } from 'antd'
import type { Agent } from '../api/types'
import { useLanguage } from '../i18n'
import { Caller } from '../shell/Caller'
import { useNames } from '../shell/names'
import { StateTag } from '../shell/StateTag'
import { Elapsed } from '../time/Elapsed'
import { SetState } from './SetState'

/** The agents: what they do, since when, and with whom. Their order stays, so that nobody jumps while being read. */
export function AgentTable({ agents }: { agents: Agent[] }) {
  const { t } = useLanguage()
  const names = useNames()
  const columns: TableColumnsType<Agent> = [
    {
      title: t('agent'), fixed: 'left',
      render: (_, a) => (
        <>
          {a.name} <span className="quiet figures">{a.id}</span>
        </>
      ),
    },
    { title: t('board.state'), width: 190, render: (_, a) => <StateTag state={a.state} reason={a.reason} /> },
    { title: t('board.since'), width: 84, align: 'right', render: (_, a) => <Elapsed since={a.since} /> },
    { title: t('board.with'), width: 160, render: (_, a) => a.with && <Caller number={a.with} /> },
    { title: t('board.serves'), render: (_, a) => <span className="quiet">{(a.queues ?? []).map(names.queue).join('、')}</span> },
    {
      title: t('board.phone'), width: 116,
      render: (_, a) => (a.reachable ? <span className="quiet">{t('board.reachable')}</span> : <span className="late">{t('board.gone')}</span>),
    },
    { title: t('board.set'), width: 112, render: (_, a) => <SetState agent={a} /> },
  ]
  return <Table size="small" rowKey="id" columns={columns} dataSource={agents} pagination={false} scroll={{ x: 'max-content' }} />
}
