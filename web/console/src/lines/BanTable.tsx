import type { Ban } from '../api/types'
import { useLanguage } from '../i18n'
import { Nothing } from '../shell/states'
import { type Column, Table } from '../shell/Table'
import { Left } from '../time/Left'
import { useMoments } from '../time/moment'
import { LiftBan } from './LiftBan'

/** Who is kept out, why, and for how long still. */
export function BanTable({ bans }: { bans: Ban[] }) {
  const { t, word } = useLanguage()
  const { full } = useMoments()
  const columns: Column<Ban>[] = [
    { title: t('lines.network'), width: 150, cell: (b) => <span className="figures">{b.network}</span> },
    { title: t('lines.device'), cell: (b) => b.device || <span className="quiet">{t('lines.all')}</span> },
    {
      title: t('lines.why'), width: 190,
      cell: (b) => (
        <>
          <span className={`tag fault-${b.why}`}>{word('fault', b.why)}</span>
          {!b.proven && (
            <span className="quiet" title={t('lines.unsureHint')}>
              {' '}
              {t('lines.unsure')}
            </span>
          )}
        </>
      ),
    },
    { title: t('lines.times'), align: 'right', cell: (b) => <span className="figures">{b.times}</span> },
    { title: t('lines.since'), width: 160, cell: (b) => <span className="figures">{full(b.since)}</span> },
    { title: t('lines.left'), width: 84, align: 'right', cell: (b) => <Left until={b.until} /> },
    { title: t('lines.kept'), align: 'right', cell: (b) => <span className="figures">{b.dropped}</span> },
    { title: '', width: 90, align: 'right', cell: (b) => <LiftBan ban={b} /> },
  ]
  return <Table label={t('lines.bans')} columns={columns} rows={bans} keyOf={(b) => `${b.network} ${b.device ?? ''}`} empty={<Nothing>{t('lines.noBans')}</Nothing>} />
}
