/** A key, and what it does, in words and indeed. */
export interface Hotkey {
  /** As nameOf names it. */
  key: string
  does: string
  run: () => void
}

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** Names a key with what is held down beside it: F2, Ctrl+Enter, Space, ArrowLeft, A, Shift+A. A sign such as ? has its shift
 *  within it. */
export function nameOf(e: Pressed): string {
  const isLetter = /^[a-z]$/i.test(e.key)
  const shift = e.shiftKey && (e.key.length > 1 || e.key === ' ' || isLetter)
  const name = e.key === ' ' ? 'Space' : isLetter ? e.key.toUpperCase() : e.key
  return (e.ctrlKey || e.metaKey ? 'Ctrl+' : '') + (e.altKey ? 'Alt+' : '') + (shift ? 'Shift+' : '') + name
}

/** Whether a key belongs to what has the focus, and so is no hotkey: typing, and what presses or moves within a control. */
export function isTaken(e: Pressed & { target: unknown }): boolean {
  if (/^F\d+$/.test(e.key) || e.ctrlKey || e.metaKey || !(e.target instanceof Element)) return false
  const within = (what: string) => (e.target as Element).closest(what) !== null
  if (within('input:not([type=radio], [type=checkbox]), textarea, select, [role=combobox]')) return true
  if (e.key === ' ' || e.key === 'Enter') return within('button, a, input')
  return e.key.startsWith('Arrow') && within('input, [tabindex="0"]')
}

const signs: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓' }

/** What stands on a key. */
export const signOf = (key: string) => signs[key] ?? key.replace('Shift+', '⇧')
