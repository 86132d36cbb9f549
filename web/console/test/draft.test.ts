import { expect, test } from 'vitest'
import { type Draft, Drafts, draftOf, emptyDraft, isEmpty } from '../src/agent/draft'
import { mistakes } from '../src/agent/mistakes'

/** A browser's storage, as far as drafts use it; keys are its own properties, as in a browser. */
function storage(full = false): Storage {
  const put = (s: Record<string, unknown>, key: string, value: string) => {
    if (full) throw new DOMException('full', 'QuotaExceededError')
    s[key] = value
  }
  const s: Record<string, unknown> = {}
  const hidden = { getItem: (k: string) => (k in s ? s[k] : null), setItem: (k: string, v: string) => put(s, k, v), removeItem: (k: string) => delete s[k] }
  for (const [name, value] of Object.entries(hidden)) Object.defineProperty(s, name, { value, enumerable: false })
  return s as unknown as Storage
}

const day = 86_400_000
const draft = (part: Partial<Draft>): Draft => ({ ...emptyDraft('张伟'), at: 10 * day, ...part })

test('a draft is there again for the same agent and call only', () => {
  const kept = storage()
  new Drafts(kept, '1001').put('c1', draft({ notes: '两盒' }))
  expect(new Drafts(kept, '1001').get('c1')?.notes).toBe('两盒')
  expect(new Drafts(kept, '1001').get('c2')).toBeUndefined()
  expect(new Drafts(kept, '100').list(10 * day)).toEqual([])
  expect(new Drafts(kept, '1002').get('c1')).toBeUndefined()
})

test('the latest comes first, and old ones are dropped', () => {
  const drafts = new Drafts(storage(), '1001')
  drafts.put('old', draft({ notes: 'x', at: 2 * day }))
  drafts.put('c1', draft({ notes: 'x', at: 9 * day }))
  drafts.put('c2', draft({ notes: 'x', at: 10 * day }))
  expect(drafts.list(10 * day).map((d) => d.call)).toEqual(['c2', 'c1'])
  expect(drafts.get('old')).toBeUndefined()
})

test('what was emptied is no draft, and what was sent is none any more', () => {
  const drafts = new Drafts(storage(), '1001')
  drafts.put('c1', draft({ reason: '投诉' }))
  drafts.put('c1', draft({ reason: '' }))
  expect(drafts.list(10 * day)).toEqual([])
  drafts.put('c1', draft({ reason: '投诉' }))
  drafts.drop('c1')
  expect(drafts.get('c1')).toBeUndefined()
})

test('a storage that is full or spoilt stops nothing', () => {
  expect(() => new Drafts(storage(true), '1001').put('c1', draft({ notes: 'x' }))).not.toThrow()
  const spoilt = storage()
  spoilt.setItem('threering.draft.1001.c1', '{"notes":')
  expect(new Drafts(spoilt, '1001').list(10 * day)).toEqual([])
})

test('what has to be mended before it can be sent', () => {
  expect(mistakes(draft({ reason: '  ' }), '2026-12-01')).toEqual({ reason: true })
  expect(mistakes(draft({ reason: '其他', followUp: '2026-11-30' }), '2026-12-01')).toEqual({ followUp: true })
  expect(mistakes(draft({ reason: '其他', followUp: '2026-12-01' }), '2026-12-01')).toEqual({})
})

test('what is written already is changed from where it stands, and is no draft of nothing when it is emptied', () => {
  const begun = draftOf({ reason: '下单', notes: '两盒', version: 3, by: '1002' }, '张伟')
  expect(begun).toEqual({ reason: '下单', notes: '两盒', followUp: '', caller: '张伟', version: 3, at: 0 })
  const emptied = { ...begun, reason: '', notes: '', at: 10 * day }
  expect(isEmpty(emptied)).toBe(false)
  const drafts = new Drafts(storage(), '1001')
  drafts.put('c1', emptied)
  expect(drafts.get('c1')).toEqual(emptied)
})

test('a draft without a version, of an earlier page, was begun from nothing', () => {
  const kept = storage()
  kept.setItem('threering.draft.1001.c1', '{"reason":"下单"}')
  expect(new Drafts(kept, '1001').get('c1')?.version).toBe(0)
})
