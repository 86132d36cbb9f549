import { useQuery } from '@tanstack/react-query'
import { Input, type InputRef } from 'antd'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { targetsQuery } from '../api/queries'
import type { AgentState, Target } from '../api/types'
import { useLanguage } from '../i18n'
import { useMe } from '../session/me'
import { StateTag } from '../shell/StateTag'
import { written } from '../shell/number'
import { type Choice, choices } from './targets'

interface Props {
  label: string
  text: string
  onText: (text: string) => void
  pending: boolean
  /** Why the last choice came to nothing. */
  refused?: string
  onChoose: (to: Target) => void
  onClose: () => void
}

/** Who is to be called, or have the caller: the house's people and queues with who is free, or any number. All by the keyboard. */
export function Picker({ label, text, onText, pending, refused, onChoose, onClose }: Props) {
  const { t } = useLanguage()
  const me = useMe()
  const { data = [], isPending } = useQuery(targetsQuery)
  const list = choices(data, text, me.id)
  const [at, stand] = useState(0)
  const input = useRef<InputRef>(null)
  const chosen = useRef<HTMLLIElement>(null)
  const id = useId()
  const here = Math.min(at, list.length - 1)
  useEffect(() => {
    input.current?.focus()
  }, [])
  useEffect(() => {
    chosen.current?.scrollIntoView({ block: 'nearest' })
  }, [here])

  const choose = (c?: Choice) => c && !pending && onChoose({ kind: c.kind, id: c.id })
  const press = (e: KeyboardEvent) => {
    const act = { ArrowDown: () => stand(Math.min(here + 1, list.length - 1)), ArrowUp: () => stand(Math.max(here - 1, 0)), Enter: () => choose(list[here]), Escape: onClose }[e.key]
    if (!act || e.nativeEvent.isComposing) return
    e.preventDefault()
    act()
  }
  return (
    <div className="picker" role="group" aria-label={label}>
      <Input
        ref={input} role="combobox" aria-expanded aria-controls={id} aria-activedescendant={list[here] && `${id}-${here}`} aria-label={label}
        placeholder={t('talk.search')} maxLength={50} value={text} onKeyDown={press}
        onChange={(e) => {
          onText(e.target.value)
          stand(0)
        }}
      />
      <p className="picker-note wrong" role="alert">
        {refused}
      </p>
      <ul id={id} role="listbox" aria-label={label}>
        {list.map((c, i) => (
          <li
            key={`${c.kind} ${c.id}`} id={`${id}-${i}`} role="option" aria-selected={i === here} ref={i === here ? chosen : undefined}
            className={c.of && !c.of.free ? 'picker-busy' : ''} onClick={() => choose(c)}
          >
            <Shown choice={c} />
          </li>
        ))}
      </ul>
      {list.length === 0 && !isPending && <p className="pad quiet">{t('talk.nobody')}</p>}
    </div>
  )
}

function Shown({ choice: { kind, id, name, of } }: { choice: Choice }) {
  const { t, word } = useLanguage()
  return (
    <>
      <span className="quiet picker-kind">{word('target', kind)}</span>
      <span className="grow">
        {kind === 'number' ? <span className="figures">{written(id)}</span> : name || id} {kind === 'agent' && <span className="quiet figures">{id}</span>}
      </span>
      {of?.kind === 'agent' && <StateTag state={of.state as AgentState} />}
      {of?.kind === 'queue' && (
        <>
          <span className={`tag ${of.free ? 'state-available' : 'state-offline'}`}>{t(of.free ? 'talk.free' : 'talk.notFree')}</span>
          <span className="quiet figures">{t('queues.waiting', { count: of.waiting })}</span>
        </>
      )}
    </>
  )
}
