/** A stretch of audio, in seconds. */
export interface Span {
  from: number
  to: number
}

const window = 0.1 // seconds that are looked at together
const quiet = 0.012 // of full scale: the noise of a telephone line
const least = 1.5 // shorter pauses belong to a talk
const margin = 0.25 // that is left on both sides, so that no word is clipped

/** Where nobody speaks on any of the channels. */
export function silences(channels: Float32Array[], rate: number): Span[] {
  const size = Math.max(1, Math.round(rate * window))
  const samples = Math.max(0, ...channels.map((c) => c.length))
  const spans: Span[] = []
  let from = -1 // where the silence began; -1 while somebody speaks
  const close = (to: number) => {
    if (from >= 0 && (to - from) / rate >= least) spans.push({ from: from / rate + margin, to: to / rate - margin })
    from = -1
  }
  for (let at = 0; at < samples; at += size) {
    if (!channels.every((c) => isStill(c, at, Math.min(at + size, c.length)))) close(at)
    else if (from < 0) from = at
  }
  close(samples)
  return spans
}

function isStill(samples: Float32Array, from: number, to: number): boolean {
  let sum = 0
  for (let i = from; i < to; i++) sum += (samples[i] ?? 0) ** 2
  return to <= from || Math.sqrt(sum / (to - from)) < quiet
}

/** Where to go on from a moment: behind the silence that it lies in. */
export function skip(spans: Span[], at: number): number {
  const span = spans.find((s) => at >= s.from && at < s.to - 0.05)
  return span ? span.to : at
}
