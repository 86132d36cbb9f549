import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Select } from 'antd'
import { api, ask } from '../api/client'
import { Problem } from '../api/problem'
import { keepAgent } from '../api/queries'
import type { Agent } from '../api/types'
import { useLanguage } from '../i18n'
import { useRefusal } from '../shell/refusal'

const wishes = ['available', 'break', 'offline'] as const
type Wish = (typeof wishes)[number]

/** Lets a supervisor say what an agent is to be; what is under way is finished first. */
export function SetState({ agent }: { agent: Agent }) {
  const { t, word } = useLanguage()
  const refusal = useRefusal()
  const { message } = App.useApp()
  const client = useQueryClient()
  const set = useMutation({
    mutationFn: (state: Wish) =>
      ask(
        api.PUT('/api/v1/agents/{id}/state', {
          params: { path: { id: agent.id } },
          body: { state, reason: state === 'break' ? 'supervisor' : undefined },
        }),
      ),
    onSuccess: (now, state) => {
      keepAgent(client, now)
      if (now.state !== state) message.info(t('agent.after', { state: word('state', state) }))
    },
    onError: (error) => {
      const session = error instanceof Problem && error.status === 401 // which a dialog speaks of
      if (!session) message.error(refusal(error))
    },
  })
  return (
    <Select<Wish>
      size="small"
      className="set-state"
      value={null}
      placeholder={t('board.change')}
      aria-label={t('board.setOf', { name: agent.name })}
      loading={set.isPending}
      options={wishes.map((w) => ({ value: w, label: word('state', w), disabled: w === agent.state }))}
      onChange={(state) => set.mutate(state)}
    />
  )
}
