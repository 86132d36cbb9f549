import { useLanguage } from '../i18n'
import { written } from './number'

/** Who calls: the name, where it is known, and the number. Names are text, whatever stands in them. */
export function Caller({ name, number }: { name?: string; number: string }) {
  const { t } = useLanguage()
  const shown = number === 'anonymous' || number === '' ? t('anonymous') : written(number)
  return (
    <span className="caller">
      {name && <span className="caller-name">{name}</span>}
      <span className={name ? 'quiet figures' : 'figures'}>{shown}</span>
    </span>
  )
}
