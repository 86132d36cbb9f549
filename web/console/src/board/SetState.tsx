import { useQueryClient } from '@tanstack/react-query'
import { api, ask } from '../api/client'
import { keepAgent } from '../api/queries'
import type { Agent } from '../api/types'
import { useLanguage } from '../i18n'
import { Saying } from '../shell/Saying'
import { useCommand } from '../shell/useCommand'

const wishes = ['available', 'break', 'offline'] as const
type Wish = (typeof wishes)[number]

/** Lets a supervisor say what an agent is to be; what is under way is finished first. */
export function SetState({ agent }: { agent: Agent }) {
  const { t, word } = useLanguage()
  const client = useQueryClient()
  const set = useCommand(
    (state: Wish) =>
      ask(
        api.PUT('/api/v1/agents/{id}/state', {
          params: { path: { id: agent.id } },
          body: { state, reason: state === 'break' ? 'supervisor' : undefined },
        }),
      ),
    (now, state) => {
      keepAgent(client, now)
      return now.state === state ? undefined : t('agent.after', { state: word('state', state) })
    },
  )
  return (
    <Saying said={set.said} onOver={set.hush}>
      <select
        className="set-state"
        value=""
        aria-label={t('board.setOf', { name: agent.name })}
        disabled={set.pending}
        onChange={(e) => set.run(e.target.value as Wish)}
      >
        <option value="" hidden>
          {t('board.change')}
        </option>
        {wishes.map((w) => (
          <option key={w} value={w} disabled={w === agent.state}>
            {word('state', w)}
          </option>
        ))}
      </select>
    </Saying>
  )
}
