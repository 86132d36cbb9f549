import { expect, test } from 'vitest'
import { Reader } from '../src/live/sse'
import { pause } from '../src/live/stream'

test('events are read however they are cut into pieces', () => {
  const text = 'id: 7\n\nid: 8\nevent: pop\ndata: {"a":1}\n\n:\n\nid: 9\r\nevent: queue.changed\r\ndata: one\r\ndata: two\r\n\r\n'
  for (let size = 1; size <= text.length; size++) {
    const reader = new Reader()
    const found = []
    for (let at = 0; at < text.length; at += size) found.push(...reader.push(text.slice(at, at + size)))
    expect(found).toEqual([{ event: 'pop', data: '{"a":1}' }, { event: 'queue.changed', data: 'one\ntwo' }])
    expect(reader.lastID).toBe('9')
  }
})

test('half an event is none', () => {
  const reader = new Reader()
  expect(reader.push('event: pop\ndata: {"a"')).toEqual([])
  expect(reader.push(':1}\n\n')).toEqual([{ event: 'pop', data: '{"a":1}' }])
})

test('each try waits longer, within bounds, and not all pages alike', () => {
  expect(pause(0, 0)).toBe(250)
  expect(pause(0, 1)).toBe(500)
  expect(pause(3, 1)).toBe(4000)
  expect(pause(100, 1)).toBe(15_000)
})
