import { useNow } from './clock'
import { length } from './length'

/** The time until a moment, running down to nothing, as a clock shows it. */
export const useLeft = (until: string) => length(Math.ceil((Date.parse(until) - useNow()) / 1000) * 1000)

export function Left({ until }: { until: string }) {
  return (
    <b className="figures" role="timer">
      {useLeft(until)}
    </b>
  )
}
