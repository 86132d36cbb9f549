import { useQuery } from '@tanstack/react-query'
import { explanationQuery } from '../api/queries'
import type { Entry } from '../api/types'
import { useLanguage } from '../i18n'
import { useNames } from '../shell/names'
import { length } from '../time/length'
import { useMoments } from '../time/moment'

interface Props {
  call: string
  timeline: Entry[]
  /** Whether there is a recording of that moment. */
  heard: (at: number) => boolean
  onSeek: (at: number) => void
}

/** Everything that happened to a call, in order, and why the routing did what it did; what was recorded can be jumped to. */
export function Timeline({ call, timeline, heard, onSeek }: Props) {
  const { t, word, language } = useLanguage()
  const why = useQuery(explanationQuery(call, language)).data
  const { seconds } = useMoments()
  const say = useDetails()
  const start = Date.parse(timeline[0]?.at ?? '')
  return (
    <ol className="timeline">
      {timeline.map((e) => {
        const at = Date.parse(e.at)
        const when = (
          <>
            <span className="figures">{seconds(e.at)}</span>
            <span className="figures quiet">+{length(at - start)}</span>
          </>
        )
        return (
          <li key={e.seq} className={`kind-${e.kind.split('.')[0]}`}>
            {heard(at) ? (
              <button type="button" className="plain" title={t('player.jump')} onClick={() => onSeek(at)}>
                {when}
              </button>
            ) : (
              <span className="timeline-when">{when}</span>
            )}
            <span>{word('kind', e.kind)}</span>
            <span className="quiet">{say(e)}</span>
            {why?.has(e.seq) && <p className="timeline-why">{why.get(e.seq)}</p>}
          </li>
        )
      })}
    </ol>
  )
}

/** What an entry tells beside its kind, in a few words. */
function useDetails() {
  const { t, word } = useLanguage()
  const names = useNames()
  /** How well a side was heard: codec, score, and what the network did. */
  const heard = (q: Entry['quality']) =>
    q
      ? [
          q.codec,
          t('timeline.mos', { mos: q.received.mos.toFixed(1) }),
          q.received.lost > 0 && t('timeline.lost', { percent: (100 * q.received.loss_share).toFixed(1) }),
          q.received.round_trip_ms && t('timeline.trip', { ms: q.received.round_trip_ms.mean.toFixed(0) }),
        ]
      : []
  return (e: Entry) =>
    [
      e.kind === 'call.arrived' && e.dialled && t('timeline.dialled', { number: e.dialled }),
      e.name,
      e.queue && names.queue(e.queue),
      e.agent && names.agent(e.agent),
      e.step && !e.keys && e.step,
      e.keys && t('timeline.keys', { keys: e.keys }),
      e.notice,
      word('why', e.why),
      e.outcome && word('outcome', e.outcome),
      e.by && t('timeline.by', { who: word('by', e.by) }),
      ...heard(e.quality),
      e.speech &&
        t('timeline.spoke', {
          caller: length(e.speech.caller_ms),
          agent: length(e.speech.agent_ms),
          both: length(e.speech.both_ms),
          silence: length(e.speech.silence_ms),
        }),
      e.disposition && [e.disposition.reason, e.disposition.notes, e.disposition.follow_up].filter(Boolean).join(' · '),
    ]
      .filter(Boolean)
      .join(' · ')
}
