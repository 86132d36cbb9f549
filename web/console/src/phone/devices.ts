import type { Microphone } from './state'

/** The devices that were chosen in this browser, by the browser's ids; '' for its own choice. */
export interface Devices {
  microphone: string
  speaker: string
}

const kept = 'threering.devices'

export function chosenDevices(stored: string | null = localStorage.getItem(kept)): Devices {
  try {
    const { microphone, speaker } = JSON.parse(stored ?? '{}') as Partial<Devices>
    return { microphone: String(microphone ?? ''), speaker: String(speaker ?? '') }
  } catch {
    return { microphone: '', speaker: '' }
  }
}

export const keepDevices = (devices: Devices) => localStorage.setItem(kept, JSON.stringify(devices))

/** Asks for the microphone; where the chosen one is not there, for any. */
export async function openMicrophone(id: string): Promise<MediaStream> {
  // There is none on a page that came in the clear.
  if (!navigator.mediaDevices) throw new DOMException('', 'SecurityError')
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...(id && { deviceId: { ideal: id } }) }
  return navigator.mediaDevices.getUserMedia({ audio, video: false })
}

/** What an error of openMicrophone means (Media Capture and Streams, getUserMedia). */
export function microphoneOf(error: unknown): Microphone {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
      return 'refused'
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing'
    case 'SecurityError':
      return 'insecure'
    default:
      return 'busy'
  }
}

/** Whether the browser lets one choose what sounds where. */
export const canChooseSpeaker = () => 'setSinkId' in HTMLMediaElement.prototype

export async function playBy(element: HTMLMediaElement, speaker: string) {
  if (!canChooseSpeaker() || element.sinkId === speaker) return
  await element.setSinkId(speaker).catch(() => undefined) // it is gone: the browser's own choice, then
}
