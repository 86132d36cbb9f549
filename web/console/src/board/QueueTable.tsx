import { Link } from 'wouter'
import type { Queue } from '../api/types'
import { states } from '../api/types'
import { useLanguage } from '../i18n'
import { type Column, Table } from '../shell/Table'
import { InTime } from './InTime'
import { OpenQueue } from './OpenQueue'
import { Waited } from './Waited'

/** The queues: who waits, and what their agents do. */
export function QueueTable({ queues }: { queues: Queue[] }) {
  const { t, word } = useLanguage()
  const targets = [...new Set(queues.map((q) => q.target_ms / 1000))].join(' / ')
  const columns: Column<Queue>[] = [
    { title: t('queue'), width: 72, cell: (q) => q.title || q.name },
    { title: t('board.opened'), width: 64, cell: (q) => <OpenQueue queue={q} /> },
    { title: t('board.waiting'), align: 'right', width: 48, cell: (q) => <b className={q.waiting > 0 ? 'late figures' : 'quiet figures'}>{q.waiting}</b> },
    {
      title: t('board.longest'), width: 132,
      cell: (q) => (q.calls?.[0] ? <Waited since={q.calls[0].since} target={q.target_ms} /> : <span className="quiet">–</span>),
    },
    { title: t('board.callbacks'), hint: t('callbacks.waiting'), align: 'right', width: 48, cell: (q) => <Owed queue={q} /> },
    { title: t('board.inTime'), hint: t('board.inTimeOf', { seconds: targets }), width: 96, cell: (q) => <InTime today={q.today} /> },
    ...states.map((s) => ({
      title: word('brief', s), hint: word('state', s), align: 'right' as const, width: 48,
      cell: (q: Queue) => {
        const n = q.agents[s] ?? 0
        return <span className={n > 0 ? `figures count-${s}` : 'figures none'}>{n}</span>
      },
    })),
  ]
  return <Table label={t('board.queues')} columns={columns} rows={queues} keyOf={(q) => q.name} />
}

/** How many are to be called back; leads to who they are. */
function Owed({ queue }: { queue: Queue }) {
  const { t } = useLanguage()
  const { callbacks } = queue
  const said = t('board.callbacksOf', { count: callbacks, name: queue.title || queue.name })
  if (callbacks === 0) return <span className="figures none">0</span>
  return (
    <Link href="/callbacks" className="figures" title={said} aria-label={said}>
      {callbacks}
    </Link>
  )
}
