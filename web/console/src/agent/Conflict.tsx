import { Button } from 'antd'
import type { Disposition } from '../api/types'
import { useLanguage } from '../i18n'
import { useMe } from '../session/me'
import { useNames } from '../shell/names'
import { useMoments } from '../time/moment'

interface Props {
  /** What is written about the call now. */
  theirs: Disposition
  pending: boolean
  onOverwrite: () => void
  onDrop: () => void
}

/** Says that somebody else has written about the call meanwhile, and what; which of the two is to stay, the agent decides. */
export function Conflict({ theirs, pending, onOverwrite, onDrop }: Props) {
  const { t } = useLanguage()
  const me = useMe()
  const names = useNames()
  const { short } = useMoments()
  const told = { who: names.agent(theirs.by), time: theirs.at ? short(theirs.at) : '' }
  const parts = [
    [t('wrapup.reason'), theirs.reason],
    [t('wrapup.notes'), theirs.notes],
    [t('wrapup.followUp'), theirs.follow_up],
  ].filter(([, value]) => value)
  return (
    <section className="conflict" role="alert">
      <p>{t(theirs.by === me.id ? 'conflict.self' : 'conflict.other', told)}</p>
      <dl>
        {parts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="conflict-ways">
        <Button onClick={onOverwrite} loading={pending}>
          {t('conflict.overwrite')}
        </Button>
        <Button onClick={onDrop}>{t('conflict.drop')}</Button>
      </div>
    </section>
  )
}
