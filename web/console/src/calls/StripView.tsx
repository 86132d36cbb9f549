import { Tooltip } from 'antd'
import { useLanguage } from '../i18n'
import { useNames } from '../shell/names'
import { length } from '../time/length'
import { marks } from './marks'
import type { Segment, Strip } from './strip'

interface Props {
  strip: Strip
  /** Where the player stands, as a moment in milliseconds. */
  position?: number
  onSeek: (at: number) => void
}

/** A call as a picture: a lane for the caller and one for each agent, along the time. */
export function StripView({ strip, position, onSeek }: Props) {
  const { t } = useLanguage()
  const names = useNames()
  const whole = Math.max(1, strip.to - strip.from)
  const percent = (ms: number) => `${(100 * ms) / whole}%`
  return (
    <figure className="strip" aria-label={t('strip.title')}>
      {strip.lanes.map((lane) => (
        <div className="strip-lane" key={lane.agent}>
          <span className="strip-who">{lane.agent ? names.agent(lane.agent) : t('strip.caller')}</span>
          <div className="strip-line">
            {lane.segments.map((s) => (
              <Part key={`${s.phase}${s.from}`} segment={s} left={percent(s.from - strip.from)} width={percent(s.to - s.from)} onSeek={onSeek} />
            ))}
            {position !== undefined && position >= strip.from && position <= strip.to && (
              <span className="strip-position" style={{ left: percent(position - strip.from) }} />
            )}
          </div>
        </div>
      ))}
      <div className="strip-lane">
        <span className="strip-who" />
        <div className="strip-scale figures">
          {marks(whole).map((at) => (
            <span key={at} style={{ left: percent(at) }}>
              {length(at)}
            </span>
          ))}
        </div>
      </div>
      <Legend strip={strip} />
    </figure>
  )
}

function Part({ segment, left, width, onSeek }: { segment: Segment; left: string; width: string; onSeek: Props['onSeek'] }) {
  const { word } = useLanguage()
  const names = useNames()
  const name = [word('phase', segment.phase), segment.queue && names.queue(segment.queue), word('why', segment.why)].filter(Boolean).join(' · ')
  const text = `${name} ${length(segment.to - segment.from)}`
  return (
    <Tooltip title={text}>
      <button
        type="button" tabIndex={-1} aria-label={text} style={{ left, width }}
        className={`strip-part phase-${segment.phase} ${segment.why ? 'phase-vain' : ''}`}
        onClick={() => onSeek(segment.from)}
      >
        <span>{word('phase', segment.phase)}</span>
      </button>
    </Tooltip>
  )
}

function Legend({ strip }: { strip: Strip }) {
  const { word } = useLanguage()
  const phases = [...new Set(strip.lanes.flatMap((l) => l.segments.map((s) => s.phase)))]
  return (
    <figcaption className="strip-legend">
      {phases.map((p) => (
        <span key={p}>
          <i className={`phase-${p}`} />
          {word('phase', p)}
        </span>
      ))}
    </figcaption>
  )
}
