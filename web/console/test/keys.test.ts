import { expect, test } from 'vitest'
import { nameOf, signOf } from '../src/shell/keys'

const pressed = (key: string, held: Partial<KeyboardEvent> = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held })

test.each([
  ['F2', {}, 'F2'],
  ['Enter', { ctrlKey: true }, 'Ctrl+Enter'],
  ['Enter', { metaKey: true }, 'Ctrl+Enter'],
  [' ', {}, 'Space'],
  [' ', { shiftKey: true }, 'Shift+Space'],
  ['?', { shiftKey: true }, '?'],
  ['a', {}, 'A'],
  ['A', {}, 'A'], // caps lock
  ['A', { shiftKey: true }, 'Shift+A'],
  ['a', { ctrlKey: true }, 'Ctrl+A'],
  ['F2', { altKey: true, shiftKey: true }, 'Alt+Shift+F2'],
])('%j held with %j is %s', (key, held, name) => expect(nameOf(pressed(key, held))).toBe(name))

test('a key is shown as what stands on it', () => {
  expect(['ArrowLeft', 'ArrowDown', 'F4', 'Shift+X'].map(signOf)).toEqual(['←', '↓', 'F4', '⇧X'])
})
