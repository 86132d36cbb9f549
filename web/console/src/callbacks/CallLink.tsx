import { Link } from 'wouter'
import { useMoments } from '../time/moment'

/** A moment of a call that leads to the call's page. */
export function CallLink({ call, at }: { call: string; at: string }) {
  const { full, short } = useMoments()
  return (
    <Link href={`/calls/${encodeURIComponent(call)}`} className="figures" title={full(at)}>
      {short(at)}
    </Link>
  )
}
