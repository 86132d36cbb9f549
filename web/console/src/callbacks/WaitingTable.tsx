import type { Callback } from '../api/types'
import { useLanguage } from '../i18n'
import { Caller } from '../shell/Caller'
import { useNames } from '../shell/names'
import { Nothing } from '../shell/states'
import { type Column, Table } from '../shell/Table'
import { Elapsed } from '../time/Elapsed'
import { CallLink } from './CallLink'
import { DropCallback } from './DropCallback'
import { StandingOf } from './Standing'

/** Who is to be called back, whoever asked first first. */
export function WaitingTable({ callbacks }: { callbacks: Callback[] }) {
  const { t, word } = useLanguage()
  const names = useNames()
  const columns: Column<Callback>[] = [
    { title: t('callbacks.caller'), cell: (c) => <Caller name={c.name} number={c.number} /> },
    { title: t('queue'), width: 84, cell: (c) => names.queue(c.queue) },
    { title: t('callbacks.since'), width: 104, cell: (c) => <CallLink call={c.call} at={c.since} /> },
    { title: t('callbacks.waits'), align: 'right', width: 76, cell: (c) => <Elapsed since={c.since} /> },
    { title: t('callbacks.state'), width: 200, cell: (c) => <StandingOf callback={c} /> },
    { title: t('callbacks.tries'), hint: t('callbacks.triesHint'), align: 'right', width: 64, cell: (c) => <span className={c.tries > 0 ? 'figures' : 'figures none'}>{c.tries}</span> },
    { title: t('callbacks.first'), width: 84, cell: (c) => word('first', c.first) },
    { title: '', width: 90, align: 'right', cell: (c) => <DropCallback callback={c} /> },
  ]
  return <Table label={t('callbacks.waiting')} columns={columns} rows={callbacks} keyOf={(c) => c.call} empty={<Nothing>{t('callbacks.nobody')}</Nothing>} />
}
