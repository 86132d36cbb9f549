import { Button, type ButtonProps, Switch } from 'antd'
import { useState } from 'react'
import { useLanguage } from '../i18n'
import { useHotkeys } from '../shell/Hotkeys'
import { signOf } from '../shell/keys'
import { DeviceCheck } from './DeviceCheck'
import { Keypad } from './Keypad'
import { type Handset, usePhone } from './Phone'
import { conditionOf, moodOf, waysOf } from './state'
import '../style/phone.css'

/** The phone on the agent's page: what it is, and what can be done with it. */
export function PhonePanel() {
  const { t, word } = useLanguage()
  const handset = usePhone()
  const [checking, check] = useState(false)
  if (!handset) return null
  const { phone, turnOn } = handset
  const is = conditionOf(phone)
  return (
    <section className={`panel phone mood-${moodOf(is)}`} aria-label={t('phone.title')}>
      <header>
        <h2>{t('phone.title')}</h2>
        <span className="phone-switch">
          <button type="button" className="plain" onClick={() => check(true)}>
            {t('phone.devices')}
          </button>
          <Switch checked={phone.wanted} disabled={phone.talk !== undefined} onChange={turnOn} aria-label={t('phone.here')} size="small" />
        </span>
      </header>
      <div className="phone-is" aria-live="polite">
        <strong>{word('phone.is', is)}</strong>
        <p>{phone.blocked ? t('phone.blocked') : phone.trouble && is === 'ready' ? word('phone.trouble', phone.trouble) : word('phone.hint', is)}</p>
      </div>
      {phone.wanted && phone.ours !== false && <Buttons handset={handset} />}
      <DeviceCheck handset={handset} open={checking && phone.talk?.phase !== 'ringing'} onClose={() => check(false)} />
    </section>
  )
}

const keys = { answer: 'A', reject: 'Shift+R', hold: 'H', mute: 'M', press: 'K', hangUp: 'Shift+X' } as const
type Way = keyof typeof keys

/** The buttons keep their places: where one can answer, a second click does no harm. */
function Buttons({ handset: { phone, line } }: { handset: Handset }) {
  const { t } = useLanguage()
  const [pressing, press] = useState(false)
  const { talk } = phone
  const ways = waysOf(phone)
  const acts: Record<Way, () => void> = {
    answer: () => line?.answer(),
    reject: () => line?.reject(),
    hold: () => line?.hold(!talk?.held),
    mute: () => line?.mute(!talk?.muted),
    press: () => press(!pressing),
    hangUp: () => line?.hangUp(),
  }
  useHotkeys((Object.keys(keys) as Way[]).map((way) => ({ key: keys[way], does: t(`phone.key.${way}`), run: () => ways[way] && acts[way]() })))
  const button = (way: Way, label: string, look: ButtonProps = {}) => (
    <Button disabled={!ways[way]} onClick={acts[way]} {...look}>
      {label}
      <kbd>{signOf(keys[way])}</kbd>
    </Button>
  )
  const open = pressing && ways.press
  return (
    <div className="phone-buttons">
      {button('hold', t(talk?.held ? 'phone.resume' : 'phone.hold'), { 'aria-pressed': talk?.held ?? false })}
      {button('mute', t(talk?.muted ? 'phone.unmute' : 'phone.mute'), { 'aria-pressed': talk?.muted ?? false })}
      {ways.answer ? button('answer', t('phone.answer'), { type: 'primary' }) : button('press', t('phone.press'), { 'aria-expanded': open })}
      {ways.answer ? button('reject', t('phone.reject'), { danger: true }) : button('hangUp', t('phone.hangUp'), { danger: true })}
      {open && <Keypad pressed={talk?.keys ?? ''} onPress={(key) => line?.press(key)} onClose={() => press(false)} />}
    </div>
  )
}
