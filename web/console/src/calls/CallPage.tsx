import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useMemo, useRef, useState } from 'react'
import { Link } from 'wouter'
import { callQuery } from '../api/queries'
import type { Call, Entry, Recording } from '../api/types'
import { useLanguage } from '../i18n'
import { useMe } from '../session/me'
import { Panel } from '../shell/Panel'
import { Nothing, When } from '../shell/states'
import { useNow } from '../time/clock'
import { Facts } from './Facts'
import { LadderPanel } from './LadderPanel'
import { PlayerView } from './PlayerView'
import { StripView } from './StripView'
import { Timeline } from './Timeline'
import { draw, isOver } from './strip'
import { usePlayer } from './usePlayer'
import '../style/calls.css'

/** One call: what became of it, its course as a picture and as a list, and what was said. */
export default function CallPage({ id }: { id: string }) {
  const { t } = useLanguage()
  const call = useQuery(callQuery(id))
  return (
    <div className="call">
      <nav>
        <Link href="/calls" onClick={back}>
          ← {t('calls.title')}
        </Link>
      </nav>
      <When asked={call} rows={10}>
        {call.data && <Course {...call.data} />}
      </When>
    </div>
  )
}

/** Goes back to the list as it was looked for, where one comes from there. */
function back(e: React.MouseEvent) {
  if (window.history.length <= 1) return
  e.preventDefault()
  window.history.back()
}

function Course({ call, timeline, recordings }: { call: Call; timeline: Entry[]; recordings: Recording[] }) {
  const { t } = useLanguage()
  const [chosen, choose] = useState(0)
  const { role } = useMe()
  const recording = recordings[chosen]
  const common = { call, timeline }
  return (
    <>
      <Facts call={call} />
      {recordings.length > 1 && (
        <Segmented
          value={chosen} onChange={choose}
          options={recordings.map((r, i) => ({ value: i, label: t('player.talk', { number: r.talk }) }))}
        />
      )}
      {recording ? <Heard key={recording.id} {...common} recording={recording} /> : <Seen {...common} />}
      {role !== 'agent' && <LadderPanel call={call.id} />}
    </>
  )
}

interface Known {
  call: Call
  timeline: Entry[]
}

/** A call without anything to hear. */
function Seen({ call, timeline }: Known) {
  const { t } = useLanguage()
  const strip = useStrip(timeline)
  const nothing = () => {}
  return (
    <div className="course">
      <Panel title={t('strip.title')} className="course-strip">
        <StripView strip={strip} onSeek={nothing} />
        <Nothing>{t('player.none')}</Nothing>
      </Panel>
      <Panel title={t('timeline.title')} className="course-list">
        <Timeline call={call.id} timeline={timeline} heard={() => false} onSeek={nothing} />
      </Panel>
    </div>
  )
}

/** A call with the recording of one of its talks; picture and list lead into it. */
function Heard({ call, timeline, recording }: Known & { recording: Recording }) {
  const { t } = useLanguage()
  const strip = useStrip(timeline)
  const container = useRef<HTMLDivElement>(null)
  const player = usePlayer(recording, container)
  const start = Date.parse(recording.started_at)
  const heard = (at: number) => at >= start - 1000 && at <= start + player.duration * 1000
  const seek = (at: number) => heard(at) && player.seek(Math.max(0, (at - start) / 1000))
  return (
    <div className="course">
      <Panel title={t('strip.title')} className="course-strip">
        <StripView strip={strip} position={player.state === 'ready' ? start + player.seconds * 1000 : undefined} onSeek={seek} />
        <PlayerView recording={recording} player={player} container={container} />
      </Panel>
      <Panel title={t('timeline.title')} className="course-list">
        <Timeline call={call.id} timeline={timeline} heard={heard} onSeek={seek} />
      </Panel>
    </div>
  )
}

function useStrip(timeline: Entry[]) {
  const now = useNow()
  const until = isOver(timeline) ? 0 : now
  return useMemo(() => draw(timeline, until), [timeline, until])
}
