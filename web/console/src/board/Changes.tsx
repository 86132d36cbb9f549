import { useQuery } from '@tanstack/react-query'
import { changesQuery } from '../api/queries'
import type { Change } from '../api/types'
import { useLanguage } from '../i18n'
import { useNames } from '../shell/names'
import { Panel } from '../shell/Panel'
import { type Column, Table } from '../shell/Table'
import { useMoments } from '../time/moment'
import { keyOf, whatOf } from './changed'

const most = 20

/** What somebody has changed about agents and queues in the last 24 hours, the newest first; nothing where nothing was. */
export function Changes() {
  const { t, word } = useLanguage()
  const names = useNames()
  const { short, full } = useMoments()
  const { data: list = [] } = useQuery(changesQuery)
  const columns: Column<Change>[] = [
    {
      title: t('changes.at'), width: 104,
      cell: (c) => (
        <span className="figures" title={full(c.at)}>
          {short(c.at)}
        </span>
      ),
    },
    { title: t('changes.of'), width: 90, cell: (c) => (c.agent ? names.agent(c.agent) : names.queue(c.queue)) },
    { title: t('changes.what'), cell: (c) => whatOf(c, { t, word, queue: names.queue }) },
    { title: t('changes.by'), width: 140, cell: (c) => (c.by === 'system' ? word('by', c.by) : names.agent(c.by)) },
  ]
  if (list.length === 0) return null
  return (
    <Panel title={t('changes.title')} extra={<span className="figures">{list.length}</span>} className="board-changes">
      <Table label={t('changes.title')} columns={columns} rows={list.slice(0, most)} keyOf={keyOf} />
    </Panel>
  )
}
