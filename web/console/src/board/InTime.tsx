import type { Figures } from '../api/types'
import { useLanguage } from '../i18n'
import { levelOf } from './level'

/** How many of today's callers heard a person in time: as a share with a word for it, and in numbers. */
export function InTime({ today }: { today: Figures }) {
  const { t, word } = useLanguage()
  const level = levelOf(today)
  if (!level) return <span className="quiet">–</span>
  return (
    <span className="in-time figures">
      <b>{level.percent}%</b>
      <span className={`tag level-${level.grade}`}>{word('level', level.grade)}</span>
      <span className="quiet">{t('board.of', { count: level.inTime, all: level.of })}</span>
    </span>
  )
}
