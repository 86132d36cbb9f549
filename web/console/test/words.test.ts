import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { outcomes, states } from '../src/api/types'
import { breaks } from '../src/agent/states'
import { priorities } from '../src/board/arranging'
import { modes } from '../src/board/watching'
import { chosen, fill, translator } from '../src/i18n'
import { standings } from '../src/callbacks/standing'
import { conditions } from '../src/phone/state'
import { ways } from '../src/talk/ways'
import { en } from '../src/i18n/en'
import { zh } from '../src/i18n/zh'

const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort()

test('both languages say the same things', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
  for (const [key, text] of Object.entries(zh)) {
    expect(text.trim(), key).not.toBe('')
    expect(en[key as keyof typeof en].trim(), key).not.toBe('')
    expect(places(en[key as keyof typeof en]), key).toEqual(places(text))
  }
})

test('the English texts are English, the Chinese ones Chinese', () => {
  for (const [key, text] of Object.entries(en)) expect(text, key).not.toMatch(/\p{Script=Han}/u)
  for (const [key, text] of Object.entries(zh)) expect(text.replace(/\{\w+\}/g, ''), key).toMatch(/\p{Script=Han}|：/u)
})

describe.each(['zh', 'en'] as const)('in %s', (language) => {
  const { word } = translator(language, { zh, en }[language])
  test.each([
    ['state', states],
    ['brief', states],
    ['outcome', outcomes],
    ['level', ['good', 'fair', 'poor']],
    ['reason', breaks.map((b) => b.reason ?? '')],
    ['kind', kinds()],
    ['trunkstate', ['up', 'down', 'unknown']],
    ['fault', ['junk', 'scan', 'password']],
    ['talk.key', ways],
    ['mode', modes],
    ['priority', priorities.map((p) => p.name)],
    ['failed', ['busy', 'unanswered', 'not_allowed', 'not_reached']],
    ['consult', ['ringing', 'waiting', 'talking']],
    ['standing', standings],
    ['first', ['agent', 'customer']],
    ['denial', denials()],
    ['phone.is', conditions],
    ['phone.hint', conditions],
  ])('there are words for every %s', (group, values) => {
    expect(values.length).toBeGreaterThan(0)
    for (const v of values) expect(word(group, v), v).not.toBe(v)
  })
})

/** The kinds of entries that a call's timeline can have, as the journal names them. */
function kinds(): string[] {
  const source = readFileSync(join(import.meta.dirname, '../../../acd/journal/entry.go'), 'utf8')
  return [...source.matchAll(/\sKind = "(.+?)"/g)].map((m) => m[1] ?? '').filter((k) => k !== 'agent.state')
}

/** What the floor does not do, as the server names it. */
function denials(): string[] {
  const source = readFileSync(join(import.meta.dirname, '../../denial.go'), 'utf8')
  return [...source.matchAll(/http\.Status\w+, "(\w+)"/g)].map((m) => m[1] ?? '')
}

test('the language is the one that was chosen, else the first of the browser that there is', () => {
  expect(chosen('en', ['zh-CN'])).toBe('en')
  expect(chosen(null, ['fr', 'en-GB', 'zh'])).toBe('en')
  expect(chosen(null, ['zh-TW', 'en'])).toBe('zh')
  expect(chosen('klingon', [])).toBe('zh')
})

test('values stand where the text has them, and are text', () => {
  expect(fill('{a} and {b}', { a: '<b>', b: 2 })).toBe('<b> and 2')
  expect(fill('{a}', {})).toBe('{a}')
})
