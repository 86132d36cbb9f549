import { useQueryClient } from '@tanstack/react-query'
import { Button, Popconfirm } from 'antd'
import { api, ask } from '../api/client'
import { callbacksQuery } from '../api/queries'
import type { Callback } from '../api/types'
import { useLanguage } from '../i18n'
import { written } from '../shell/number'
import { Saying } from '../shell/Saying'
import { useCommand } from '../shell/useCommand'

/** Takes somebody off the list of those who are to be called back, once one has said yes to it. */
export function DropCallback({ callback }: { callback: Callback }) {
  const { t } = useLanguage()
  const client = useQueryClient()
  const who = callback.name || written(callback.number)
  const drop = useCommand(
    () => ask(api.DELETE('/api/v1/callbacks/{id}', { params: { path: { id: callback.call } } })),
    () => {
      void client.invalidateQueries({ queryKey: callbacksQuery.queryKey })
    },
  )
  return (
    <Saying said={drop.said} onOver={drop.hush}>
      <Popconfirm
        title={t('callbacks.dropOf', { who })} description={t('callbacks.dropAsk')} okText={t('callbacks.drop')} cancelText={t('callbacks.keep')}
        onConfirm={() => drop.run(undefined)}
      >
        <Button size="small" aria-label={t('callbacks.dropOf', { who })} loading={drop.pending}>
          {t('callbacks.drop')}
        </Button>
      </Popconfirm>
    </Saying>
  )
}
