import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { Problem } from '../api/problem'
import { ladderQuery } from '../api/queries'
import type { Ladder } from '../api/types'
import { useLanguage } from '../i18n'
import { useNames } from '../shell/names'
import { Panel } from '../shell/Panel'
import { Nothing, When } from '../shell/states'
import { useMoments } from '../time/moment'
import { type Rung, climb, placeOf } from './ladder'
import '../style/ladder.css'

/** The SIP messages of a call, for those who look for what went wrong between the telephones. They are fetched when asked for. */
export function LadderPanel({ call }: { call: string }) {
  const { t } = useLanguage()
  const [open, setOpen] = useState(false)
  const ladder = useQuery({ ...ladderQuery(call), enabled: open })
  const none = ladder.error instanceof Problem && ladder.error.status === 404
  const button = (
    <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
      {t(open ? 'ladder.hide' : 'ladder.show')}
    </Button>
  )
  return (
    <Panel title={t('ladder.title')} extra={button} className="ladder">
      {open && (none ? <Nothing>{t('ladder.none')}</Nothing> : <When asked={ladder}>{ladder.data && <Drawn ladder={ladder.data} />}</When>)}
    </Panel>
  )
}

const columnLeast = 118 // pixels: a message's words fit between two lines

function Drawn({ ladder }: { ladder: Ladder }) {
  const { t } = useLanguage()
  const rungs = useMemo(() => climb(ladder), [ladder])
  const [chosen, choose] = useState(0)
  const list = useRef<HTMLOListElement>(null)
  const participants = ladder.participants ?? []
  const message = ladder.messages?.[chosen]
  /** Up and down go from message to message. */
  const move = (e: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[e.key]
    if (!by) return
    e.preventDefault()
    const next = Math.min(rungs.length - 1, Math.max(0, chosen + by))
    choose(next)
    list.current?.querySelectorAll('button')[next]?.focus()
  }
  return (
    <div className="ladder-course">
      <div className="table ladder-drawn" role="region" aria-label={t('ladder.title')} tabIndex={0}>
        <div style={{ minWidth: 100 + columnLeast * participants.length }}>
          <Heads participants={participants} />
          <ol ref={list} onKeyDown={move}>
            {rungs.map((r, i) => (
              <li key={i}>
                <Step rung={r} at={ladder.messages?.[i]?.at ?? ''} participants={participants} chosen={i === chosen} onChoose={() => choose(i)} />
              </li>
            ))}
          </ol>
        </div>
        {ladder.skipped ? <p className="pad quiet">{t('ladder.skipped', { count: ladder.skipped })}</p> : null}
      </div>
      <pre className="ladder-text" aria-live="polite" tabIndex={0}>
        {message?.text}
      </pre>
    </div>
  )
}

type Participants = NonNullable<Ladder['participants']>

function Heads({ participants }: { participants: Participants }) {
  const names = useNames()
  return (
    <div className="ladder-heads">
      <span />
      {participants.map((p, i) => (
        <span key={i}>
          <b>{p.leg ? names.agent(p.name) : 'Threering'}</b>
          <span className="quiet figures">{p.leg && names.agent(p.name) !== p.name ? `${p.name} · ${p.address}` : p.address}</span>
        </span>
      ))}
    </div>
  )
}

interface StepProps {
  rung: Rung
  at: string
  participants: Participants
  chosen: boolean
  onChoose: () => void
}

/** One message: when, between whose lines, and what. */
function Step({ rung, at, participants, chosen, onChoose }: StepProps) {
  const { t } = useLanguage()
  const { seconds } = useMoments()
  const { words, sort, left, width, right, repeated } = rung
  const said = repeated ? `${words} · ${t('ladder.repeated')}` : words
  const nameOf = (i: number) => participants[i]?.name ?? ''
  return (
    <button
      type="button" className={`ladder-rung rung-${sort}`} aria-pressed={chosen} title={t('ladder.after', { ms: rung.after })}
      aria-label={`${seconds(at)} ${nameOf(rung.from)} → ${nameOf(rung.to)}: ${said}`} onClick={onChoose}
    >
      <span className="figures quiet">
        {seconds(at)}.{new Date(at).getMilliseconds().toString().padStart(3, '0')}
      </span>
      <span className="ladder-lines">
        {participants.map((_, i) => (
          <i key={i} style={{ left: `${placeOf(i, participants.length)}%` }} />
        ))}
        <span className={right ? 'ladder-arrow to-right' : 'ladder-arrow to-left'} style={{ left: `${left}%`, width: `${width}%` }}>
          <span>{said}</span>
        </span>
      </span>
    </button>
  )
}
