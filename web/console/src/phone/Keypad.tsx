import { useLanguage } from '../i18n'
import { useHotkeys } from '../shell/Hotkeys'

const digits = [...'123456789*0#']

/** The keys of a telephone, which the keyboard's press while it is open. */
export function Keypad({ pressed, onPress, onClose }: { pressed: string; onPress: (key: string) => void; onClose: () => void }) {
  const { t } = useLanguage()
  useHotkeys([
    ...digits.map((key) => ({ key, does: t('phone.key.digit', { key }), run: () => onPress(key) })),
    { key: 'Escape', does: t('phone.close'), run: onClose },
  ])
  return (
    <div className="keypad" role="group" aria-label={t('phone.press')}>
      <output className="figures" aria-label={t('phone.pressed')}>
        {pressed || '\u00a0'}
      </output>
      {digits.map((key) => (
        <button key={key} type="button" onClick={() => onPress(key)}>
          {key}
        </button>
      ))}
    </div>
  )
}
