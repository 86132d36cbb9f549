import { Button } from 'antd'
import { useState } from 'react'
import type { Agent } from '../api/types'
import { useLanguage } from '../i18n'
import { useHotkeys } from '../shell/Hotkeys'
import { signOf } from '../shell/keys'
import { useRefusal } from '../shell/refusal'
import { AskHelp } from './AskHelp'
import type { Deed } from './deeds'
import { Party } from './Party'
import { Picker } from './Picker'
import { useDeed } from './useDeed'
import { type Way, waysOf } from './ways'
import '../style/talk.css'

const keys: Record<Way, string> = { call: 'D', transfer: 'T', consult: 'C', help: 'Shift+H', complete: 'Shift+T', conference: 'Shift+C', back: 'Shift+B' }
const opening = ['call', 'transfer', 'consult', 'help'] as const
type Opening = (typeof opening)[number]

/** What an agent can do beside speaking: call, put through, consult, confer, ask for help. The buttons keep their places. */
export function TalkTools({ self }: { self: Agent }) {
  const { t } = useLanguage()
  const refusal = useRefusal()
  const can = waysOf(self)
  const [wanted, want] = useState<Opening>()
  const [text, setText] = useState('')
  const deed = useDeed(self.call ?? '')
  const open = wanted && can[wanted] ? wanted : undefined
  const helped = self.talk?.help !== undefined

  const run = (d: Deed) => {
    if (deed.isPending) return
    deed.mutate(d, {
      onSuccess: () => {
        want(undefined)
        if ('to' in d) setText('')
      },
    })
  }
  const toggle = (way: Opening) => {
    deed.reset()
    if (way === 'help' && helped) run({ way: 'calm' })
    else want(open === way ? undefined : way)
  }
  const act = (way: Way) => {
    if (!can[way]) return
    if (way === 'complete' || way === 'conference' || way === 'back') run({ way })
    else toggle(way)
  }
  useHotkeys((Object.keys(keys) as Way[]).map((way) => ({ key: keys[way], does: t(`talk.key.${way}`), run: () => act(way) })))

  const refused = deed.error ? refusal(deed.error) : undefined
  const button = (way: Way) => (
    <Button key={way} disabled={!can[way]} onClick={() => act(way)} aria-expanded={opening.some((o) => o === way) ? open === way : undefined}>
      {t(way === 'help' && helped ? 'talk.calm' : `talk.${way}`)}
      <kbd>{signOf(keys[way])}</kbd>
    </Button>
  )
  return (
    <section className="panel talk" aria-label={t('talk.title')}>
      <div className="talk-buttons">{opening.map(button)}</div>
      <Party self={self} refused={open ? undefined : refused} onDismiss={(guest) => run({ way: 'dismiss', guest })}>
        {(['complete', 'conference', 'back'] as const).map(button)}
      </Party>
      {open && (
        <div className="talk-open">
          {open === 'help' ? (
            <AskHelp refused={refused} pending={deed.isPending} onAsk={(about) => run({ way: 'help', text: about })} onClose={() => want(undefined)} />
          ) : (
            <Picker
              key={open} label={t(`talk.key.${open}`)} text={text} onText={setText} pending={deed.isPending} refused={refused}
              onChoose={(to) => run({ way: open, to })} onClose={() => want(undefined)}
            />
          )}
        </div>
      )}
    </section>
  )
}
