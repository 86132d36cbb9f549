import { useMemo } from 'react'
import { useLanguage } from '../i18n'
import { useCenter } from '../session/me'

/** Moments as the center's clocks show them, in the visitor's language. */
export function moments(language: string, zone: string) {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const f = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: zone, hourCycle: 'h23', ...options })
    return (at: string) => f.format(new Date(at))
  }
  const time = { hour: '2-digit', minute: '2-digit' } as const
  const seconds = { ...time, second: '2-digit' } as const
  const day = { month: '2-digit', day: '2-digit' } as const
  return {
    time: format(time),
    seconds: format(seconds),
    day: format({ year: 'numeric', ...day }),
    full: format({ year: 'numeric', ...day, ...seconds }),
    short: format({ ...day, ...time }),
  }
}

export function useMoments() {
  const { language } = useLanguage()
  const { time_zone } = useCenter()
  return useMemo(() => moments(language, time_zone), [language, time_zone])
}
