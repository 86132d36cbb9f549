import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import WaveSurfer from 'wavesurfer.js'
import { expired } from '../api/client'
import { Problem, problemOf } from '../api/problem'
import type { Recording } from '../api/types'
import { nonce } from '../style/nonce'
import { type Span, silences, skip } from './silence'

export const rates = [0.75, 1, 1.25, 1.5, 2]

export interface Player {
  state: 'idle' | 'loading' | 'ready' | 'failed'
  error?: unknown
  playing: boolean
  seconds: number
  duration: number
  rate: number
  skipping: boolean
  toggle(): void
  seek(seconds: number): void
  setRate(rate: number): void
  setSkipping(yes: boolean): void
}

async function fetchAudio(id: string, signal: AbortSignal): Promise<Blob> {
  const response = await fetch(`/api/v1/recordings/${encodeURIComponent(id)}/audio`, { signal }).catch((cause) => {
    throw new Problem(0, String(cause))
  })
  if (response.status === 401) expired()
  if (!response.ok) throw problemOf(response, await response.json().catch(() => null))
  return response.blob()
}

function surf(container: HTMLElement): WaveSurfer {
  const ink = getComputedStyle(document.documentElement)
  const color = (name: string) => ink.getPropertyValue(name).trim()
  return WaveSurfer.create({
    container,
    cspNonce: nonce,
    height: 56,
    normalize: false,
    cursorColor: color('--ink'),
    splitChannels: [
      { waveColor: color('--caller-faint'), progressColor: color('--caller') },
      { waveColor: color('--agent-faint'), progressColor: color('--agent') },
    ],
  })
}

/** Plays a recording into a container that shows both sides of it. It is fetched when it is first played: the server notes
 *  every play. */
export function usePlayer(recording: Recording, container: RefObject<HTMLElement | null>): Player {
  const [state, setState] = useState<Player['state']>('idle')
  const [error, setError] = useState<unknown>()
  const [playing, setPlaying] = useState(false)
  const [seconds, setSeconds] = useState(0)
  const [duration, setDuration] = useState(recording.duration_ns / 1e9)
  const [rate, setRate] = useState(1)
  const [skipping, setSkipping] = useState(false)
  const surfer = useRef<WaveSurfer>(null)
  const leaving = useRef<AbortController>(null)
  const spans = useRef<Span[]>([])
  const wanted = useRef({ rate, skipping })
  wanted.current = { rate, skipping }

  useEffect(() => {
    leaving.current = new AbortController()
    return () => {
      leaving.current?.abort()
      surfer.current?.destroy()
      surfer.current = null
    }
  }, [])

  const load = useCallback(
    async (from: number) => {
      if (!container.current || !leaving.current) return
      setState('loading')
      try {
        const audio = await fetchAudio(recording.id, leaving.current.signal)
        const ws = surf(container.current)
        surfer.current = ws
        ws.on('play', () => setPlaying(true))
        ws.on('pause', () => setPlaying(false))
        ws.on('finish', () => setPlaying(false))
        ws.on('timeupdate', (at) => {
          setSeconds(at)
          const on = skip(spans.current, at)
          if (wanted.current.skipping && ws.isPlaying() && on !== at) ws.setTime(Math.min(on, ws.getDuration()))
        })
        await ws.loadBlob(audio)
        spans.current = silencesOf(ws)
        setDuration(ws.getDuration())
        ws.setPlaybackRate(wanted.current.rate, true)
        setState('ready')
        if (from > 0) ws.setTime(from)
        await ws.play()
      } catch (cause) {
        if (leaving.current.signal.aborted) return
        setError(cause)
        setState('failed')
      }
    },
    [recording.id, container],
  )

  const toggle = useCallback(() => {
    if (surfer.current && state === 'ready') void surfer.current.playPause()
    else if (state === 'idle' || state === 'failed') void load(0)
  }, [load, state])
  const seek = useCallback(
    (to: number) => {
      const ws = surfer.current
      if (ws && state === 'ready') ws.setTime(Math.min(Math.max(0, to), ws.getDuration()))
      else if (state === 'idle') void load(to)
    },
    [load, state],
  )
  const changeRate = useCallback((r: number) => {
    setRate(r)
    surfer.current?.setPlaybackRate(r, true)
  }, [])
  return { state, error, playing, seconds, duration, rate, skipping, toggle, seek, setRate: changeRate, setSkipping }
}

function silencesOf(ws: WaveSurfer): Span[] {
  const audio = ws.getDecodedData()
  if (!audio) return []
  const channels = Array.from({ length: audio.numberOfChannels }, (_, i) => audio.getChannelData(i))
  return silences(channels, audio.sampleRate)
}
