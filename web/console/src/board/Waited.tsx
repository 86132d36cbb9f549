import { useLanguage } from '../i18n'
import { useOfNow } from '../time/clock'
import { Elapsed } from '../time/Elapsed'

/** How long somebody has been waiting; said to be late once three rings are over, the target in milliseconds. */
export function Waited({ since, target }: { since: string; target: number }) {
  const { t } = useLanguage()
  const late = useOfNow((now) => now - Date.parse(since) > target)
  return (
    <span className={late ? 'waited late' : 'waited'}>
      <Elapsed since={since} />
      {late && <span className="tag tag-late">{t('board.late')}</span>}
    </span>
  )
}
