import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { api, ask } from '../api/client'
import { callbacksQuery } from '../api/queries'
import type { Call } from '../api/types'
import { useLanguage } from '../i18n'
import { written } from '../shell/number'
import { Saying } from '../shell/Saying'
import { useCommand } from '../shell/useCommand'

/** Puts a missed caller on the list of those who are to be called back. */
export function CallBack({ missed }: { missed: Call }) {
  const { t } = useLanguage()
  const client = useQueryClient()
  const book = useCommand(
    (_: void) => ask(api.POST('/api/v1/callbacks', { body: { call: missed.id } })),
    () => void client.invalidateQueries({ queryKey: callbacksQuery.queryKey }),
  )
  return (
    <Saying said={book.said} onOver={book.hush}>
      <Button size="small" aria-label={t('callbacks.callOf', { who: missed.name || written(missed.number) })} loading={book.pending} onClick={() => book.run()}>
        {t('callbacks.call')}
      </Button>
    </Saying>
  )
}
