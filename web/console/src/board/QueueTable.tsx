import type { Queue } from '../api/types'
import { states } from '../api/types'
import { useLanguage } from '../i18n'
import { type Column, Table } from '../shell/Table'
import { Waited } from './Waited'

/** The queues: who waits, and what their agents do. */
export function QueueTable({ queues }: { queues: Queue[] }) {
  const { t, word } = useLanguage()
  const columns: Column<Queue>[] = [
    { title: t('queue'), cell: (q) => q.title || q.name },
    {
      title: t('board.waiting'), align: 'right', width: 64,
      cell: ({ waiting }) => <b className={waiting > 0 ? 'late figures' : 'quiet figures'}>{waiting}</b>,
    },
    {
      title: t('board.longest'), width: 132,
      cell: (q) => (q.calls?.[0] ? <Waited since={q.calls[0].since} /> : <span className="quiet">–</span>),
    },
    ...states.map((s) => ({
      title: word('state', s), align: 'right' as const, width: 84,
      cell: (q: Queue) => {
        const n = q.agents[s] ?? 0
        return <span className={n > 0 ? `figures count-${s}` : 'figures none'}>{n}</span>
      },
    })),
  ]
  return <Table label={t('board.queues')} columns={columns} rows={queues} keyOf={(q) => q.name} />
}
