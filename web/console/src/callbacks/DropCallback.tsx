import { useQueryClient } from '@tanstack/react-query'
import { api, ask } from '../api/client'
import { callbacksQuery } from '../api/queries'
import type { Callback } from '../api/types'
import { useLanguage } from '../i18n'
import { Confirm } from '../shell/Confirm'
import { written } from '../shell/number'
import { useCommand } from '../shell/useCommand'

/** Takes somebody off the list of those who are to be called back, once one has said yes to it. */
export function DropCallback({ callback }: { callback: Callback }) {
  const { t } = useLanguage()
  const client = useQueryClient()
  const drop = useCommand(
    (_: void) => ask(api.DELETE('/api/v1/callbacks/{id}', { params: { path: { id: callback.call } } })),
    () => void client.invalidateQueries({ queryKey: callbacksQuery.queryKey }),
  )
  const title = t('callbacks.dropOf', { who: callback.name || written(callback.number) })
  return <Confirm does={t('callbacks.drop')} title={title} text={t('callbacks.dropAsk')} keep={t('callbacks.keep')} command={drop} />
}
