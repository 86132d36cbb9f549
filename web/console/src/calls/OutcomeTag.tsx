import { useLanguage } from '../i18n'

/** What became of a call, as a colour and a word. */
export function OutcomeTag({ outcome }: { outcome: string }) {
  const { word } = useLanguage()
  return <span className={`tag outcome-${outcome}`}>{word('outcome', outcome)}</span>
}
