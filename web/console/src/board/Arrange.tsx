import { api, ask } from '../api/client'
import type { Agent, Queue, WaitingCall } from '../api/types'
import { useLanguage } from '../i18n'
import { Saying } from '../shell/Saying'
import { useCommand } from '../shell/useCommand'
import { type Wish, parse, priorities, takers } from './arranging'

interface Props {
  call: WaitingCall
  queue: string
  queues: Queue[]
  agents: Agent[]
}

/** Lets a supervisor bring a waiting call into another queue, change its priority, or give it to somebody now. */
export function Arrange({ call, queue, queues, agents }: Props) {
  const { t, word } = useLanguage()
  const params = { path: { id: call.call } }
  const arrange = useCommand(async (wish: Wish) => {
    if (wish.do === 'move') await ask(api.POST('/api/v1/calls/{id}/move', { params, body: { queue: wish.queue } }))
    else if (wish.do === 'priority') await ask(api.PUT('/api/v1/calls/{id}/priority', { params, body: { priority: wish.priority } }))
    else await ask(api.POST('/api/v1/calls/{id}/take', { params, body: { agent: wish.agent } }))
  })
  return (
    <Saying said={arrange.said} onOver={arrange.hush}>
      <select
        className="set-state" value="" aria-label={t('arrange.of', { number: call.name || call.number })} disabled={arrange.pending}
        onChange={(e) => arrange.run(parse(e.target.value))}
      >
        <option value="" hidden>
          {t('arrange.do')}
        </option>
        <optgroup label={t('arrange.take')}>
          {takers(agents).map((a) => (
            <option key={a.id} value={`take ${a.id}`}>
              {a.id} {a.name} · {word('state', a.state)}
            </option>
          ))}
        </optgroup>
        <optgroup label={t('arrange.priority')}>
          {priorities.map(({ name, priority }) => (
            <option key={name} value={`priority ${priority}`} disabled={priority === (call.priority ?? 0)}>
              {word('priority', name)}
            </option>
          ))}
        </optgroup>
        <optgroup label={t('arrange.move')}>
          {queues.map((q) => (
            <option key={q.name} value={`move ${q.name}`} disabled={q.name === queue}>
              {q.title || q.name}
            </option>
          ))}
        </optgroup>
      </select>
    </Saying>
  )
}
