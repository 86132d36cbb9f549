import { Button, Checkbox, Segmented } from 'antd'
import type { RefObject } from 'react'
import type { Recording } from '../api/types'
import { useLanguage } from '../i18n'
import { useHotkeys } from '../shell/Hotkeys'
import { useNames } from '../shell/names'
import { useRefusal } from '../shell/refusal'
import { length } from '../time/length'
import { type Player, rates } from './usePlayer'

interface Props {
  recording: Recording
  player: Player
  container: RefObject<HTMLDivElement | null>
}

const step = 5

/** The player: both sides of a talk, and how they are to be heard. */
export function PlayerView({ recording, player, container }: Props) {
  const { t } = useLanguage()
  const refusal = useRefusal()
  const names = useNames()
  const faster = (by: number) => () => player.setRate(rates[rates.indexOf(player.rate) + by] ?? player.rate)
  useHotkeys([
    { key: 'Space', does: t('keys.toggle'), run: player.toggle },
    { key: 'ArrowLeft', does: t('keys.back', { seconds: step }), run: () => player.seek(player.seconds - step) },
    { key: 'ArrowRight', does: t('keys.on', { seconds: step }), run: () => player.seek(player.seconds + step) },
    { key: 'ArrowUp', does: t('keys.faster'), run: faster(1) },
    { key: 'ArrowDown', does: t('keys.slower'), run: faster(-1) },
  ])
  return (
    <div className="player">
      <div className="player-controls">
        <Button type="primary" onClick={player.toggle} loading={player.state === 'loading'} className="player-play">
          {t(player.playing ? 'player.pause' : 'player.play')}
        </Button>
        <span className="figures player-time">
          {length(player.seconds * 1000)} / {length(player.duration * 1000)}
        </span>
        <Segmented
          aria-label={t('player.speed')} value={player.rate} onChange={player.setRate}
          options={rates.map((r) => ({ value: r, label: `${r}×` }))}
        />
        <Checkbox checked={player.skipping} onChange={(e) => player.setSkipping(e.target.checked)}>
          {t('player.skip')}
        </Checkbox>
        <span className="player-keys quiet">
          {t('player.keys')}
        </span>
      </div>
      <div className="player-wave">
        <div className="player-sides">
          <span className="side-caller">{t('strip.caller')}</span>
          <span className="side-agent">{names.agent(recording.agent)}</span>
        </div>
        <div className="player-canvas" ref={container}>
          {player.state === 'idle' && <p className="player-hint quiet">{t('player.hint')}</p>}
          {player.state === 'loading' && <p className="player-hint quiet">{t('player.loading')}</p>}
          {player.state === 'failed' && (
            <p className="player-hint wrong" role="alert">
              {refusal(player.error)}
            </p>
          )}
        </div>
      </div>
      {recording.state !== 'complete' && <p className="quiet player-state">{t(`recording.${stateOf(recording)}`)}</p>}
    </div>
  )
}

const stateOf = (r: Recording) => (r.state === 'recording' || r.state === 'repaired' ? r.state : 'failed')
