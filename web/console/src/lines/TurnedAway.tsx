import type { Turned } from '../api/types'
import { useLanguage } from '../i18n'

const counted = ['dropped', 'malformed', 'challenges', 'auth_failures', 'banned', 'bans', 'overloaded'] as const satisfies readonly (keyof Turned)[]

/** What the phones' door has turned away. */
export function TurnedAway({ counts }: { counts: Turned }) {
  const { word } = useLanguage()
  return (
    <dl className="turned">
      {counted.map((name) => (
        <div key={name}>
          <dt>{word('turned', name)}</dt>
          <dd className="figures">{counts[name]}</dd>
        </div>
      ))}
    </dl>
  )
}
