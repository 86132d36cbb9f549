import { expect, test } from 'vitest'
import { silences, skip } from '../src/calls/silence'

const rate = 8000

/** A side of a talk: sound in the stretches that are given in seconds, line noise elsewhere. */
function side(seconds: number, ...sounds: [number, number][]): Float32Array {
  const samples = new Float32Array(seconds * rate)
  for (let i = 0; i < samples.length; i++) {
    const loud = sounds.some(([from, to]) => i >= from * rate && i < to * rate)
    samples[i] = (loud ? 0.3 : 0.002) * Math.sin(i)
  }
  return samples
}

test('it is silent only where neither side speaks', () => {
  const spans = silences([side(20, [0, 3], [15, 18]), side(20, [7, 9])], rate)
  const rounded = spans.map((s) => [Math.round(s.from * 100) / 100, Math.round(s.to * 100) / 100])
  expect(rounded).toEqual([[3.25, 6.75], [9.25, 14.75], [18.25, 19.75]])
})

test('a breath is no silence', () => {
  expect(silences([side(6, [0, 2], [3, 6])], rate)).toEqual([])
})

test('nothing at all', () => {
  expect(silences([], rate)).toEqual([])
  expect(silences([new Float32Array(0)], rate)).toEqual([])
})

test('playing goes on behind a silence', () => {
  const spans = [{ from: 3, to: 6 }]
  expect([2.9, 3, 5, 5.99, 6].map((at) => skip(spans, at))).toEqual([2.9, 6, 6, 5.99, 6])
})
