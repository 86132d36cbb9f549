import type { Callback } from '../api/types'
import { useLanguage } from '../i18n'
import { useOfNow } from '../time/clock'
import { Left } from '../time/Left'
import { useMoments } from '../time/moment'
import { type Standing, standingOf } from './standing'

const useStanding = (callback: Callback) => useOfNow((now) => standingOf(callback, now)) as Standing

/** How it stands with a callback, as a colour and a word. */
export function StandingTag({ callback }: { callback: Callback }) {
  const { word } = useLanguage()
  const standing = useStanding(callback)
  return <span className={`tag standing-${standing}`}>{word('standing', standing)}</span>
}

/** When somebody is called the next time. */
export function NextTry({ callback }: { callback: Callback }) {
  const { t } = useLanguage()
  const { time } = useMoments()
  const standing = useStanding(callback)
  if (standing === 'rings') return <span className="quiet">{t('callbacks.now')}</span>
  if (standing === 'turn' || !callback.next) return <span className="quiet">{t('callbacks.inTurn')}</span>
  return (
    <>
      <span className="figures">{time(callback.next)}</span> <Left until={callback.next} />
    </>
  )
}
