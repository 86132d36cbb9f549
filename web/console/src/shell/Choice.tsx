import { useLanguage } from '../i18n'

interface Props {
  label: string
  /** What is chosen; undefined for all. */
  value?: string
  options: { value: string; label: string }[]
  onChange: (value?: string) => void
}

/** One of a few, or all of them. */
export function Choice({ label, value, options, onChange }: Props) {
  const { t } = useLanguage()
  return (
    <select className="choice" aria-label={label} value={value ?? ''} onChange={(e) => onChange(e.target.value || undefined)}>
      <option value="">{t('all', { what: label })}</option>
      {options.map((o) => (
        <option key={o.value} value={o.value}>
          {o.label}
        </option>
      ))}
    </select>
  )
}
