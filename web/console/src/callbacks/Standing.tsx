import type { Callback } from '../api/types'
import { useLanguage } from '../i18n'
import { useOfNow } from '../time/clock'
import { useLeft } from '../time/Left'
import { useMoments } from '../time/moment'
import { type Standing, standingOf } from './standing'

/** How it stands with a callback, as a colour and a word; where it rests, until when. */
export function StandingOf({ callback }: { callback: Callback }) {
  const { word } = useLanguage()
  const standing = useOfNow((now) => standingOf(callback, now)) as Standing
  return (
    <>
      <span className={`tag standing-${standing}`}>{word('standing', standing)}</span>
      {standing === 'rests' && callback.next && <NextTry at={callback.next} />}
    </>
  )
}

function NextTry({ at }: { at: string }) {
  const { t } = useLanguage()
  const { time } = useMoments()
  return (
    <span className="figures" role="timer">
      {' '}
      {time(at)} <span className="quiet">{t('callbacks.in', { left: useLeft(at) })}</span>
    </span>
  )
}
