import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { api, ask } from '../api/client'
import { agentsQuery, keepAgent, queuesQuery } from '../api/queries'
import type { Agent } from '../api/types'
import { useLanguage } from '../i18n'
import { Dialog } from '../shell/Dialog'
import { useNames } from '../shell/names'
import { Saying } from '../shell/Saying'
import { useCommand } from '../shell/useCommand'
import { type Levels, set } from './levels'

/** What queues an agent serves and what they can do; a click changes it, now. */
export function Seat({ agent }: { agent: Agent }) {
  const { t } = useLanguage()
  const names = useNames()
  const [open, setOpen] = useState(false)
  const queues = (agent.queues ?? []).map(names.queue).join('、')
  return (
    <>
      <button type="button" className="plain seat" aria-label={t('seat.of', { name: agent.name })} onClick={() => setOpen(true)}>
        {queues || t('none')}
      </button>
      <Dialog open={open} title={t('seat.title', { name: agent.name })} width={480} onClose={() => setOpen(false)}>
        <Form agent={agent} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

function Form({ agent, onDone }: { agent: Agent; onDone: () => void }) {
  const { t } = useLanguage()
  const client = useQueryClient()
  const { data: queues = [] } = useQuery(queuesQuery)
  const { data: agents = [] } = useQuery(agentsQuery)
  const [tiers, seat] = useState<Levels>(agent.tiers)
  const [skills, teach] = useState<Levels>(agent.skills ?? {})
  const [added, add] = useState('')
  const params = { path: { id: agent.id } }
  const save = useCommand(
    async () => {
      await ask(api.PUT('/api/v1/agents/{id}/queues', { params, body: { tiers } }))
      return ask(api.PUT('/api/v1/agents/{id}/skills', { params, body: { skills } }))
    },
    (now) => {
      keepAgent(client, now)
      onDone()
    },
  )
  const known = [...new Set([...agents.flatMap((a) => Object.keys(a.skills ?? {})), ...Object.keys(skills)])].sort()
  const learn = () => {
    if (added.trim()) teach({ ...skills, [added.trim()]: 1 })
    add('')
  }
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        save.run(undefined)
      }}
    >
      <fieldset className="seat-levels">
        <legend>{t('board.serves')}</legend>
        {queues.map((q) => (
          <Level key={q.name} name={q.title || q.name} unit={t('seat.tier')} level={tiers[q.name]} onChange={(n) => seat(set(tiers, q.name, n))} />
        ))}
      </fieldset>
      <fieldset className="seat-levels">
        <legend>{t('seat.skills')}</legend>
        {known.map((s) => (
          <Level key={s} name={s} unit={t('seat.level')} level={skills[s]} onChange={(n) => teach(set(skills, s, n))} />
        ))}
        <div className="seat-add">
          <Input size="small" maxLength={40} value={added} aria-label={t('seat.add')} placeholder={t('seat.add')} onChange={(e) => add(e.target.value)} />
          <Button size="small" onClick={learn} disabled={!added.trim()}>
            {t('seat.addIt')}
          </Button>
        </div>
      </fieldset>
      <p className="quiet dialog-text">{t('seat.lasts')}</p>
      <Saying said={save.said} onOver={save.hush}>
        <Button type="primary" htmlType="submit" loading={save.pending}>
          {t('seat.save')}
        </Button>
      </Saying>
    </form>
  )
}

const most = 10

/** One queue or skill: whether the agent has it, and its tier or level. */
function Level({ name, unit, level, onChange }: { name: string; unit: string; level?: number; onChange: (level?: number) => void }) {
  return (
    <div className="seat-level">
      <label>
        <input type="checkbox" checked={level !== undefined} onChange={(e) => onChange(e.target.checked ? 1 : undefined)} /> {name}
      </label>
      <label>
        <span className="quiet">{unit} </span>
        <select aria-label={`${name} ${unit}`} value={level ?? 1} disabled={level === undefined} onChange={(e) => onChange(Number(e.target.value))}>
          {Array.from({ length: most }, (_, i) => (
            <option key={i} value={i + 1}>
              {i + 1}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}
