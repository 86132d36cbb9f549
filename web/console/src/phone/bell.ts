/** One period of the bell: two short strokes and a pause. Samples from -1 to 1. */
export function ringing(rate: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round(rate * period))
  for (const start of strokes) {
    const first = Math.round(start * rate)
    for (let i = 0; i < rate * stroke; i++) {
      const t = i / rate
      const fade = Math.min(1, t / edge, (stroke - t) / edge)
      const pitch = Math.floor(t * warble) % 2 === 0 ? low : high
      samples[first + i] = 0.3 * fade * Math.sin(2 * Math.PI * pitch * t)
    }
  }
  return samples
}

const period = 3 // s
const strokes = [0, 0.6]
const stroke = 0.4
const edge = 0.02
const warble = 20 // changes of pitch a second; each is a whole number of both waves long
const low = 660 // Hz
const high = 880

/** One second of the tone that a speaker is tried with. */
export function testTone(rate: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: rate }, (_, i) => 0.3 * Math.min(1, i / rate / edge, (rate - i) / rate / edge) * Math.sin((2 * Math.PI * 440 * i) / rate))
}

/** Plays by an element, and so by the speaker that is set there; a browser that plays nothing before somebody clicks, from then
 *  on. Gives what stops it. */
export function play(element: HTMLMediaElement, make: (rate: number) => Float32Array<ArrayBuffer>, loop: boolean): () => void {
  const context = new AudioContext()
  const samples = make(context.sampleRate)
  const buffer = new AudioBuffer({ length: samples.length, sampleRate: context.sampleRate })
  buffer.copyToChannel(samples, 0)
  const way = context.createMediaStreamDestination()
  const source = new AudioBufferSourceNode(context, { buffer, loop })
  source.connect(way)
  source.start()
  element.srcObject = way.stream
  const sound = () => void Promise.all([context.resume(), element.play()]).catch(() => undefined)
  sound()
  const quit = onClick(sound)
  const stop = () => {
    quit()
    element.srcObject = null
    if (context.state !== 'closed') void context.close()
  }
  source.onended = stop
  return stop
}

/** Says whether the browser plays nothing yet, for want of a click. */
export async function isBlocked(): Promise<boolean> {
  const context = new AudioContext()
  const late = new Promise((wake) => setTimeout(wake, 500))
  await Promise.race([context.resume(), late])
  const blocked = context.state !== 'running'
  await context.close()
  return blocked
}

/** Does something whenever somebody clicks or presses a key. Gives what ends that. */
export function onClick(then: () => void): () => void {
  window.addEventListener('pointerdown', then)
  window.addEventListener('keydown', then)
  return () => {
    window.removeEventListener('pointerdown', then)
    window.removeEventListener('keydown', then)
  }
}
