import { type ReactNode, createContext, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { useLanguage } from '../i18n'
import { Dialog } from './Dialog'
import { type Hotkey, isTaken, nameOf, signOf } from './keys'

/** The keys of the page's parts, each part's list as it was last drawn. */
type Parts = Set<{ current: Hotkey[] }>

interface Keys {
  parts: Parts
  help: () => void
}

const Context = createContext<Keys>({ parts: new Set(), help: () => {} })

/** Listens to the keyboard for everything below, and lists on `?` what its keys do. */
export function Hotkeys({ children }: { children: ReactNode }) {
  const [listed, list] = useState<Hotkey[]>()
  const keys = useMemo<Keys>(() => {
    const parts: Parts = new Set()
    return { parts, help: () => list([...parts].flatMap((p) => p.current)) }
  }, [])
  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      if (e.repeat || e.defaultPrevented || isTaken(e) || document.querySelector('[role=dialog]')) return
      const name = nameOf(e)
      const run = name === '?' ? keys.help : [...keys.parts].flatMap((p) => p.current).find((k) => k.key === name)?.run
      if (!run) return
      e.preventDefault()
      run()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [keys])
  return (
    <Context value={keys}>
      {children}
      <Help keys={listed} onClose={() => list(undefined)} />
    </Context>
  )
}

function Help({ keys, onClose }: { keys?: Hotkey[]; onClose: () => void }) {
  const { t, word } = useLanguage()
  return (
    <Dialog open={keys !== undefined} title={t('keys.title')} onClose={onClose}>
      <dl className="keys">
        {[...(keys ?? []), { key: '?', does: t('keys.help') }].map((k) => (
          <div key={k.key}>
            <dt>
              <kbd>{word('key', signOf(k.key))}</kbd>
            </dt>
            <dd>{k.does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}

/** Opens the list of keys, for those who do not know the key that opens it. */
export function HelpButton() {
  const { t } = useLanguage()
  const { help } = useContext(Context)
  return (
    <button type="button" className="plain" onClick={help}>
      {t('keys.title')}
      <kbd>?</kbd>
    </button>
  )
}

/** Gives a part of the page its keys, wherever the focus is, but not behind a dialog. */
export function useHotkeys(keys: Hotkey[]) {
  const { parts } = useContext(Context)
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    parts.add(latest)
    return () => void parts.delete(latest)
  }, [parts])
}
