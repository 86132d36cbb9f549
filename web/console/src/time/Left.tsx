import { useNow } from './clock'
import { length } from './length'

/** The time until a moment, running down to nothing. */
export function Left({ until }: { until: string }) {
  const seconds = Math.ceil((Date.parse(until) - useNow()) / 1000)
  return (
    <b className="figures" role="timer">
      {length(seconds * 1000)}
    </b>
  )
}
