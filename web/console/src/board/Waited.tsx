import { useLanguage } from '../i18n'
import { useCenter } from '../session/me'
import { useOfNow } from '../time/clock'
import { Elapsed } from '../time/Elapsed'
import { target } from './target'

/** How long somebody has been waiting; said to be late once three rings are over. */
export function Waited({ since }: { since: string }) {
  const { t } = useLanguage()
  const most = target(useCenter())
  const late = useOfNow((now) => now - Date.parse(since) > most)
  return (
    <span className={late ? 'waited late' : 'waited'}>
      <Elapsed since={since} />
      {late && <span className="tag tag-late">{t('board.late')}</span>}
    </span>
  )
}
