import type { Call } from '../api/types'
import { OutcomeTag } from '../calls/OutcomeTag'
import { useLanguage } from '../i18n'
import { Caller } from '../shell/Caller'
import { useNames } from '../shell/names'
import { Nothing } from '../shell/states'
import { type Column, Table } from '../shell/Table'
import { length } from '../time/length'
import { CallBack } from './CallBack'
import { CallLink } from './CallLink'

/** Who wanted a person in vain and was not served since, the newest first. */
export function MissedTable({ calls }: { calls: Call[] }) {
  const { t } = useLanguage()
  const names = useNames()
  const columns: Column<Call>[] = [
    { title: t('callbacks.caller'), cell: (c) => <Caller name={c.name} number={c.number} /> },
    { title: t('queue'), width: 84, cell: (c) => names.queue(c.queue) },
    { title: t('callbacks.since'), width: 104, cell: (c) => <CallLink call={c.id} at={c.started_at} /> },
    { title: t('callbacks.waited'), align: 'right', width: 76, cell: (c) => <span className="figures">{length(c.wait_ms)}</span> },
    { title: t('calls.outcome'), width: 96, cell: (c) => <OutcomeTag outcome={c.outcome} /> },
    { title: '', width: 90, align: 'right', cell: (c) => <CallBack missed={c} /> },
  ]
  return <Table label={t('callbacks.missed')} columns={columns} rows={calls} keyOf={(c) => c.id} empty={<Nothing>{t('callbacks.noneMissed')}</Nothing>} />
}
