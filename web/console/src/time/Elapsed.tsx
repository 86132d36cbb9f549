import { length } from './length'
import { useNow } from './clock'

/** The time since a moment, running. */
export function Elapsed({ since, className = '' }: { since: string; className?: string }) {
  return (
    <span className={`figures ${className}`} role="timer">
      {length(useNow() - Date.parse(since))}
    </span>
  )
}
