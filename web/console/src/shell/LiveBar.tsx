import { useQuery } from '@tanstack/react-query'
import { alarmsQuery } from '../api/queries'
import { useLanguage } from '../i18n'
import { useLive } from '../live/Live'
import { useMe } from '../session/me'
import { useMoments } from '../time/moment'

/** Says at the top what makes the pages doubtful: a lost connection, and, to those who must see to it, what is wrong. */
export function LiveBar() {
  const { t } = useLanguage()
  const { role } = useMe()
  const lost = useLive() === false
  return (
    <div aria-live="assertive">
      {lost && <p className="bar bar-lost">{t('live.lost')}</p>}
      {(role === 'supervisor' || role === 'admin') && <Alarms />}
    </div>
  )
}

function Alarms() {
  const { t, word } = useLanguage()
  const { time } = useMoments()
  const { data = [] } = useQuery(alarmsQuery)
  return data.map((a) => (
    <p className="bar bar-alarm" key={a.source}>
      {t('alarm', { source: word('source', a.source), text: a.text, time: time(a.since) })}
    </p>
  ))
}
