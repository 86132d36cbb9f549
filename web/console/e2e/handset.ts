import type { Page } from 'playwright-core'
import type { House } from './house'

export const voice = 620 // Hz, what the agent's microphone hears
const callers = 1000 // Hz, what callers say

/** Waits until one of the page's sounds is a tone of one of these pitches, its loudest part. */
export const hears = (page: Page, sound: string, ...pitches: number[]) =>
  page.evaluate(
    async ([selector, wanted]) => {
      const element = document.querySelector<HTMLAudioElement>(selector)
      const context = new AudioContext()
      const analyser = new AnalyserNode(context, { fftSize: 4096, smoothingTimeConstant: 0 })
      context.createMediaStreamSource(element?.srcObject as MediaStream).connect(analyser)
      const bins = new Float32Array(analyser.frequencyBinCount)
      for (const end = Date.now() + 15_000; Date.now() < end; await new Promise((wake) => setTimeout(wake, 20))) {
        analyser.getFloatFrequencyData(bins)
        const loudest = bins.indexOf(Math.max(...bins))
        const pitch = (loudest * context.sampleRate) / analyser.fftSize
        if (wanted.some((hz) => Math.abs(pitch - hz) < 25) && (bins[loudest] ?? -200) > -50 && !element?.paused) return void context.close()
      }
      throw new Error(`${selector} does not sound`)
    },
    [sound, pitches] as const,
  )

export const hearsCaller = (page: Page) => hears(page, '.phone-ear', callers)

export const condition = (page: Page, word: string) => page.locator('.phone-is strong').getByText(word, { exact: true }).waitFor()

/** A page whose phone is on and whose agent is available. */
export async function readyAt(house: House, agent: string) {
  const { page, complaints } = await house.enter(agent, { hears: voice })
  await page.getByRole('switch').click()
  await condition(page, '就绪')
  await page.keyboard.press('F2')
  await page.locator('.own.state-available').waitFor()
  return { page, complaints }
}

export const callOf = (page: Page, agent: string) =>
  page.evaluate(async (id) => {
    const { agents } = await (await fetch('/api/v1/agents')).json()
    return (agents as { id: string; call?: string }[]).find((a) => a.id === id)?.call
  }, agent)
