import { Table, type TableColumnsType } from 'antd'
import type { Queue } from '../api/types'
import { states } from '../api/types'
import { useLanguage } from '../i18n'
import { Waited } from './Waited'

/** The queues: who waits, and what their agents do. */
export function QueueTable({ queues }: { queues: Queue[] }) {
  const { t, word } = useLanguage()
  const columns: TableColumnsType<Queue> = [
    { title: t('queue'), dataIndex: 'title', render: (title: string, q) => title || q.name, fixed: 'left' },
    {
      title: t('board.waiting'), dataIndex: 'waiting', align: 'right', width: 64,
      render: (n: number) => <b className={n > 0 ? 'late figures' : 'quiet figures'}>{n}</b>,
    },
    {
      title: t('board.longest'), width: 132,
      render: (_, q) => (q.calls?.[0] ? <Waited since={q.calls[0].since} /> : <span className="quiet">–</span>),
    },
    ...states.map((s) => ({
      title: word('state', s), align: 'right' as const, width: 84,
      render: (_: unknown, q: Queue) => {
        const n = q.agents[s] ?? 0
        return <span className={n > 0 ? `figures count-${s}` : 'figures none'}>{n}</span>
      },
    })),
  ]
  return <Table size="small" rowKey="name" columns={columns} dataSource={queues} pagination={false} scroll={{ x: 'max-content' }} />
}
