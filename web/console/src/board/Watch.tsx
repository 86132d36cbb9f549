import type { Agent, Mode } from '../api/types'
import { useLanguage } from '../i18n'
import { useMe } from '../session/me'
import { Saying } from '../shell/Saying'
import { isWatchable, modeOf, modes } from './watching'
import { useWatch } from './useWatch'

/** How the supervisor takes part in an agent's talk: listens, whispers, is heard by all, or leaves again. */
export function Watch({ agent }: { agent: Agent }) {
  const { t, word } = useLanguage()
  const me = useMe()
  const watch = useWatch()
  const mode = modeOf(agent, me.id)
  if (!isWatchable(agent)) return null
  return (
    <Saying said={watch.said} onOver={watch.hush}>
      <select
        className={mode ? `set-state watching-${mode}` : 'set-state'}
        value={mode ?? ''}
        aria-label={t('watch.of', { name: agent.name })}
        disabled={watch.pending}
        onChange={(e) => watch.run({ call: agent.call ?? '', mode: e.target.value as Mode | 'leave', already: mode !== undefined })}
      >
        <option value="" hidden>
          {t('watch.join')}
        </option>
        {modes.map((m) => (
          <option key={m} value={m}>
            {word('mode', m)}
          </option>
        ))}
        {mode && <option value="leave">{t('watch.leave')}</option>}
      </select>
    </Saying>
  )
}
