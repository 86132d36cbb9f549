import { api, ask } from '../api/client'
import type { Mode } from '../api/types'
import { useLanguage } from '../i18n'
import { useCommand } from '../shell/useCommand'

/** Lets a supervisor take part in a talk, by their own phone, in a way or no more. */
export function useWatch() {
  const { t } = useLanguage()
  return useCommand(
    async ({ call, mode }: { call: string; mode: Mode | 'leave'; already: boolean }) => {
      const params = { path: { id: call } }
      if (mode === 'leave') await ask(api.DELETE('/api/v1/calls/{id}/watch', { params }))
      else await ask(api.PUT('/api/v1/calls/{id}/watch', { params, body: { mode } }))
    },
    (_, { mode, already }) => (mode === 'leave' || already ? undefined : t('watch.rings')),
  )
}
