import { useLanguage } from '../i18n'
import type { DraftBox } from './useDraft'

/** What was written about other calls and not sent: to be gone on with, or thrown away. */
export function Unsent({ box, writing, onChoose }: { box: DraftBox; writing: string; onChoose: (call: string) => void }) {
  const { t } = useLanguage()
  const others = box.list.filter((d) => d.call !== writing)
  if (others.length === 0) return null
  return (
    <ul className="unsent" aria-label={t('unsent.title')}>
      {others.map(({ call, draft }) => (
        <li key={call}>
          <span className="grow">{t('unsent.one', { caller: draft.caller })}</span>
          <button type="button" className="plain" onClick={() => onChoose(call)}>
            {t('unsent.go')}
          </button>
          <button type="button" className="plain" onClick={() => box.drop(call)}>
            {t('unsent.drop')}
          </button>
        </li>
      ))}
    </ul>
  )
}
