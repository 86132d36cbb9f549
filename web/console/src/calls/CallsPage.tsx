import { useInfiniteQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useMemo } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import { callsQuery } from '../api/queries'
import type { Call } from '../api/types'
import { useLanguage } from '../i18n'
import { useCenter } from '../session/me'
import { Caller } from '../shell/Caller'
import { useNames } from '../shell/names'
import { Panel } from '../shell/Panel'
import { Nothing, When } from '../shell/states'
import { type Column, Table } from '../shell/Table'
import { length } from '../time/length'
import { useMoments } from '../time/moment'
import { FilterRow } from './FilterRow'
import { format, parse } from './filter'
import { OutcomeTag } from './OutcomeTag'
import '../style/calls.css'

/** Calls, the newest first, and what they can be looked for by. The filter stands in the address. */
export default function CallsPage() {
  const { t } = useLanguage()
  const { time_zone } = useCenter()
  const search = useSearch()
  const [, go] = useLocation()
  const filter = useMemo(() => parse(search), [search])
  const calls = useInfiniteQuery(callsQuery(filter, time_zone))
  const list = calls.data?.pages.flatMap((p) => p.calls) ?? []
  const columns = useColumns()
  return (
    <Panel title={t('calls.title')} className="calls">
      <FilterRow filter={filter} onChange={(f) => go(`/calls${format(f) && '?' + format(f)}`)} />
      <When asked={calls} rows={12}>
        <Table
          label={t('calls.title')} columns={columns} rows={list} keyOf={(c) => c.id}
          onOpen={(c) => go(`/calls/${encodeURIComponent(c.id)}`)}
          empty={<Nothing>{t(format(filter) ? 'calls.noneFound' : 'calls.none')}</Nothing>}
        />
        <div className="calls-more">
          {calls.hasNextPage ? (
            <Button onClick={() => calls.fetchNextPage()} loading={calls.isFetchingNextPage}>
              {t('calls.more')}
            </Button>
          ) : (
            <span className="quiet">{t('calls.count', { count: list.length })}</span>
          )}
        </div>
      </When>
    </Panel>
  )
}

function useColumns(): Column<Call>[] {
  const { t } = useLanguage()
  const { full } = useMoments()
  const names = useNames()
  const time = (ms: number) => <span className={ms > 0 ? 'figures' : 'figures none'}>{length(ms)}</span>
  return [
    {
      title: t('calls.time'), width: 170,
      cell: (c) => (
        <Link href={`/calls/${encodeURIComponent(c.id)}`} className="figures" onClick={(e) => e.stopPropagation()}>
          {full(c.started_at)}
        </Link>
      ),
    },
    { title: t('calls.caller'), width: 220, cell: (c) => <Caller name={c.name} number={c.number} /> },
    { title: t('queue'), cell: (c) => names.queue(c.queue) },
    { title: t('agent'), cell: (c) => names.agent(c.agent) },
    { title: t('calls.outcome'), cell: (c) => <OutcomeTag outcome={c.outcome} /> },
    { title: t('calls.waited'), align: 'right', width: 76, cell: (c) => time(c.wait_ms) },
    { title: t('calls.talk'), align: 'right', width: 76, cell: (c) => time(c.talk_ms) },
    { title: t('calls.wrapup'), align: 'right', width: 88, cell: (c) => time(c.wrapup_ms) },
    { title: t('calls.reason'), cell: (c) => c.disposition?.reason },
    { title: t('calls.notes'), cell: (c) => <span className="cut">{c.disposition?.notes}</span> },
  ]
}
