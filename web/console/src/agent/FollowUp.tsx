import { Input } from 'antd'
import { Suspense, lazy } from 'react'
import { useLanguage } from '../i18n'
import { useCenter } from '../session/me'
import { now } from '../time/clock'
import { dayOf } from '../time/zone'

// The calendar is large, and the rest of the page need not wait for it.
const DayPicker = lazy(() => import('../shell/DayPicker'))

interface Props {
  id: string
  'aria-describedby': string
  status?: 'error'
  value: string
  disabled: boolean
  onChange: (day: string) => void
}

const ahead = [1, 3, 7]

/** The day on which somebody is to come back to a matter. */
export function FollowUp({ value, disabled, onChange, ...props }: Props) {
  const { t } = useLanguage()
  const { time_zone } = useCenter()
  const day = (n: number) => dayOf(now() + n * 86_400_000, time_zone)
  return (
    <div className="followup">
      <Suspense fallback={<Input {...props} disabled value={value} className="followup-day" />}>
        <DayPicker {...props} className="followup-day" value={value} disabled={disabled} first={day(0)} onChange={onChange} />
      </Suspense>
      <div className="chips">
        {ahead.map((n) => (
          <button type="button" key={n} disabled={disabled} aria-pressed={value === day(n)} onClick={() => onChange(value === day(n) ? '' : day(n))}>
            {n === 1 ? t('wrapup.tomorrow') : t('wrapup.inDays', { days: n })}
          </button>
        ))}
      </div>
    </div>
  )
}
