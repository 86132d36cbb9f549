import type { Trunk } from '../api/types'
import { useLanguage } from '../i18n'
import { Nothing } from '../shell/states'
import { type Column, Table } from '../shell/Table'
import { Elapsed } from '../time/Elapsed'
import { useMoments } from '../time/moment'

/** The trunks: how they do, what goes on by them, and what of their limits is left. */
export function TrunkTable({ trunks }: { trunks: Trunk[] }) {
  const { t, word } = useLanguage()
  const { time } = useMoments()
  const columns: Column<Trunk>[] = [
    { title: t('lines.trunk'), width: 100, cell: (k) => k.name },
    {
      title: t('lines.state'), width: 150,
      cell: (k) => (
        <>
          <span className={`tag trunk-${k.state}`}>{word('trunkstate', k.state)}</span> <Elapsed since={k.since} className="quiet" />
          {k.why && <p className="late lines-why">{k.why}</p>}
        </>
      ),
    },
    {
      title: t('lines.registered'), width: 110,
      cell: (k) => (k.registered ? <span className="figures">{time(k.registered)}</span> : <span className={k.registers ? 'late' : 'quiet'}>{t(k.registers ? 'lines.unregistered' : 'lines.noRegister')}</span>),
    },
    {
      title: t('lines.servers'),
      cell: (k) => (
        <ul className="lines-servers">
          {(k.servers ?? []).map((s) => (
            <li key={`${s.server} ${s.address}`} title={s.why}>
              <span className={`tag trunk-${s.state}`}>{word('trunkstate', s.state)}</span> {s.server}
            </li>
          ))}
        </ul>
      ),
    },
    { title: t('lines.numbers'), cell: (k) => <span className="figures">{(k.numbers ?? []).join('、')}</span> },
    { title: t('lines.in'), align: 'right', cell: (k) => <span className="figures">{k.in}</span> },
    {
      title: t('lines.out'), align: 'right',
      cell: (k) => (k.out_most > 0 ? <span className="figures">{t('lines.outOf', { count: k.out, most: k.out_most })}</span> : <span className="quiet">{t('lines.outNone')}</span>),
    },
    { title: t('lines.today'), align: 'right', cell: (k) => <span className="figures">{k.out_today}</span> },
    {
      title: t('lines.spent'), align: 'right',
      cell: (k) => k.out_most > 0 && <span className="figures">{t('lines.spentOf', { spent: k.spent.toFixed(2), spend: k.spend.toFixed(2) })}</span>,
    },
  ]
  return <Table label={t('lines.trunks')} columns={columns} rows={trunks} keyOf={(k) => k.name} empty={<Nothing>{t('lines.noTrunks')}</Nothing>} />
}
