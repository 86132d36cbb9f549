import { useEffect, useRef } from 'react'

export type Hotkeys = Partial<Record<string, () => void>>

/** Names a key with what is held down beside it: F2, Ctrl+Enter, Space, ArrowLeft. */
export const nameOf = (e: KeyboardEvent) =>
  (e.ctrlKey || e.metaKey ? 'Ctrl+' : '') + (e.altKey ? 'Alt+' : '') + (e.shiftKey ? 'Shift+' : '') + (e.key === ' ' ? 'Space' : e.key)

/** Whether a key belongs to what has the focus, and so is no hotkey: typing, and what moves within a control. */
function isTaken(e: KeyboardEvent): boolean {
  if (/^F\d+$/.test(e.key) || e.ctrlKey || e.metaKey) return false
  return e.target instanceof Element && e.target.closest('input, textarea, select, button, a, [role=combobox]') !== null
}

/** Runs what a key stands for, wherever the focus is, but not behind a dialog. */
export function useHotkeys(keys: Hotkeys) {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      const run = latest.current[nameOf(e)]
      if (!run || e.repeat || e.defaultPrevented || isTaken(e) || document.querySelector('[role=dialog]')) return
      e.preventDefault()
      run()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}
