import { Button } from 'antd'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { useLanguage } from '../i18n'
import { Dialog } from '../shell/Dialog'
import { play, testTone } from './bell'
import { canChooseSpeaker, microphoneOf, openMicrophone, playBy } from './devices'
import type { Handset } from './Phone'
import type { Microphone } from './state'

/** Lets one choose microphone and speaker, and try both. */
export function DeviceCheck({ handset, open, onClose }: { handset: Handset; open: boolean; onClose: () => void }) {
  const { t } = useLanguage()
  return (
    <Dialog open={open} title={t('devices.title')} onClose={onClose}>
      <Check handset={handset} />
    </Dialog>
  )
}

function Check({ handset: { devices, choose } }: { handset: Handset }) {
  const { t, word } = useLanguage()
  const speaker = useRef<HTMLAudioElement>(null)
  const { stream, microphone, list } = useTrial(devices.microphone)
  const test = () => {
    const element = speaker.current
    if (element) void playBy(element, devices.speaker).then(() => play(element, testTone, false))
  }
  return (
    <div className="devices">
      <Device label={t('devices.microphone')} kind="audioinput" list={list} value={devices.microphone} onChange={(id) => choose({ ...devices, microphone: id })} />
      {microphone === 'open' || microphone === 'asking' ? <Level stream={stream} /> : <p className="wrong devices-row">{word('phone.hint', microphone)}</p>}
      {canChooseSpeaker() ? (
        <Device label={t('devices.speaker')} kind="audiooutput" list={list} value={devices.speaker} onChange={(id) => choose({ ...devices, speaker: id })} />
      ) : (
        <p className="quiet">{t('devices.fixed')}</p>
      )}
      <p className="devices-row">
        <Button onClick={test}>{t('devices.test')}</Button>
      </p>
      <audio ref={speaker} className="phone-test" />
    </div>
  )
}

/** The microphone that is tried, and what devices there are: a browser names them to who may use one. */
function useTrial(id: string) {
  const [trial, set] = useState<{ stream?: MediaStream; microphone: Microphone; list: MediaDeviceInfo[] }>({ microphone: 'asking', list: [] })
  useEffect(() => {
    let left = false
    let stream: MediaStream | undefined
    const stop = () => stream?.getTracks().forEach((track) => track.stop())
    const look = async () => (await navigator.mediaDevices?.enumerateDevices()) ?? []
    const start = async () => {
      let microphone: Microphone = 'open'
      try {
        stream = await openMicrophone(id)
      } catch (error) {
        microphone = microphoneOf(error)
      }
      const list = await look()
      if (left) stop()
      else set({ stream, microphone, list })
    }
    const changed = () => void look().then((list) => !left && set((was) => ({ ...was, list })))
    void start()
    navigator.mediaDevices?.addEventListener('devicechange', changed)
    return () => {
      left = true
      navigator.mediaDevices?.removeEventListener('devicechange', changed)
      stop()
    }
  }, [id])
  return trial
}

interface DeviceProps {
  label: string
  kind: MediaDeviceKind
  list: MediaDeviceInfo[]
  value: string
  onChange: (id: string) => void
}

function Device({ label, kind, list, value, onChange }: DeviceProps) {
  const { t } = useLanguage()
  const own = list.filter((d) => d.kind === kind && d.deviceId !== '' && d.deviceId !== 'default')
  const known = own.some((d) => d.deviceId === value)
  return (
    <label className="devices-row">
      <span>{label}</span>
      <select value={known ? value : ''} onChange={(e) => onChange(e.target.value)}>
        <option value="">{t('devices.default')}</option>
        {own.map((d) => (
          <option key={d.deviceId} value={d.deviceId}>
            {d.label || d.deviceId.slice(0, 8)}
          </option>
        ))}
      </select>
    </label>
  )
}

/** How loud the microphone hears, from -60 dB to full scale. */
function Level({ stream }: { stream?: MediaStream }) {
  const { t } = useLanguage()
  const meter = useRef<HTMLMeterElement>(null)
  useMeter(stream, meter)
  return (
    <label className="devices-row">
      <span>{t('devices.level')}</span>
      <meter ref={meter} min={-60} max={0} low={-45} optimum={-20} value={-60} />
    </label>
  )
}

function useMeter(stream: MediaStream | undefined, meter: RefObject<HTMLMeterElement | null>) {
  useEffect(() => {
    if (!stream) return
    const context = new AudioContext()
    const analyser = new AnalyserNode(context, { fftSize: 1024 })
    context.createMediaStreamSource(stream).connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    let frame = 0
    const draw = () => {
      analyser.getFloatTimeDomainData(samples)
      const power = samples.reduce((sum, s) => sum + s * s, 0) / samples.length
      if (meter.current) meter.current.value = 10 * Math.log10(power + 1e-9)
      frame = requestAnimationFrame(draw)
    }
    draw()
    return () => {
      cancelAnimationFrame(frame)
      void context.close()
    }
  }, [stream, meter])
}
