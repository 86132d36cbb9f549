import { useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Input } from 'antd'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { useEffect, useState } from 'react'
import { agentsQuery, queuesQuery } from '../api/queries'
import { type Outcome, outcomes } from '../api/types'
import { useLanguage } from '../i18n'
import { useCenter, useMe } from '../session/me'
import { Choice } from '../shell/Choice'
import { now } from '../time/clock'
import { dayOf } from '../time/zone'
import { type CallFilter, callerOf } from './filter'

interface Props {
  filter: CallFilter
  onChange: (filter: CallFilter) => void
}

/** What calls can be looked for by. Each choice looks at once; a number or a name when it has been written. */
export function FilterRow({ filter, onChange }: Props) {
  const { t, word } = useLanguage()
  const { role } = useMe()
  const { data: agents = [] } = useQuery(agentsQuery)
  const { data: queues = [] } = useQuery(queuesQuery)
  const set = (part: CallFilter) => onChange({ ...filter, ...part })
  return (
    <search className="filters">
      <CallerBox value={filter.number ?? filter.name ?? ''} onDone={(text) => set(callerOf(text))} />
      {role !== 'agent' && (
        <Choice
          label={t('agent')} value={filter.agent}
          options={agents.map((a) => ({ value: a.id, label: `${a.id} ${a.name}` }))} // typed on a keyboard, an id finds its agent
          onChange={(agent) => set({ agent })}
        />
      )}
      <Choice
        label={t('queue')} value={filter.queue}
        options={queues.map((q) => ({ value: q.name, label: q.title || q.name }))}
        onChange={(queue) => set({ queue })}
      />
      <Choice
        label={t('calls.outcome')} value={filter.outcome}
        options={outcomes.map((o) => ({ value: o, label: word('outcome', o) }))}
        onChange={(outcome) => set({ outcome: outcome as Outcome | undefined })}
      />
      <Days from={filter.from} to={filter.to} onChange={set} />
      <Button onClick={() => onChange({})} disabled={Object.values(filter).every((v) => !v)}>
        {t('calls.clear')}
      </Button>
    </search>
  )
}

function CallerBox({ value, onDone }: { value: string; onDone: (text: string) => void }) {
  const { t } = useLanguage()
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  return (
    <Input.Search
      className="filter-number" allowClear placeholder={t('calls.number')} aria-label={t('calls.number')} maxLength={50}
      value={text} onChange={(e) => setText(e.target.value)} onSearch={onDone}
    />
  )
}

function Days({ from, to, onChange }: { from?: string; to?: string; onChange: (days: CallFilter) => void }) {
  const { t } = useLanguage()
  const { time_zone } = useCenter()
  const today = dayjs(dayOf(now(), time_zone))
  const back = (days: number) => today.subtract(days, 'day')
  return (
    <DatePicker.RangePicker
      className="filter-days" allowEmpty={[true, true]} aria-label={t('calls.days')}
      value={[from ? dayjs(from) : null, to ? dayjs(to) : null]}
      presets={[
        { label: t('calls.today'), value: [today, today] },
        { label: t('calls.yesterday'), value: [back(1), back(1)] },
        { label: t('calls.week'), value: [back(6), today] },
        { label: t('calls.month'), value: [back(29), today] },
      ]}
      onChange={(days) => onChange({ from: days?.[0]?.format('YYYY-MM-DD'), to: days?.[1]?.format('YYYY-MM-DD') })}
    />
  )
}
