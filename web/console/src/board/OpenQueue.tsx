import { useQueryClient } from '@tanstack/react-query'
import { api, ask } from '../api/client'
import { queuesQuery } from '../api/queries'
import type { Queue } from '../api/types'
import { useLanguage } from '../i18n'
import { Saying } from '../shell/Saying'
import { useCommand } from '../shell/useCommand'

/** Lets a supervisor close a queue to new callers, and open it again. */
export function OpenQueue({ queue }: { queue: Queue }) {
  const { t } = useLanguage()
  const client = useQueryClient()
  const set = useCommand(
    (open: boolean) => ask(api.PUT('/api/v1/queues/{name}', { params: { path: { name: queue.name } }, body: { open } })),
    () => void client.invalidateQueries({ queryKey: queuesQuery.queryKey }),
  )
  return (
    <Saying said={set.said} onOver={set.hush}>
      <select
        className={queue.open ? 'open-queue' : 'open-queue queue-closed'} value={queue.open ? 'open' : 'closed'} disabled={set.pending}
        aria-label={t('board.openOf', { name: queue.title || queue.name })} onChange={(e) => set.run(e.target.value === 'open')}
      >
        <option value="open">{t('board.open')}</option>
        <option value="closed">{t('board.closed')}</option>
      </select>
    </Saying>
  )
}
