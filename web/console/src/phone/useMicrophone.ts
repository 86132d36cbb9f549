import { useEffect, useState } from 'react'
import { microphoneOf, openMicrophone } from './devices'
import type { News } from './state'

/** Keeps the chosen microphone open while it is wanted, and tries again when devices come or go. */
export function useMicrophone(id: string, wanted: boolean, tell: (news: News) => void): MediaStream | undefined {
  const [stream, setStream] = useState<MediaStream>()
  const [tries, again] = useState(0)
  useEffect(() => {
    if (!wanted) return
    let opened: MediaStream | undefined
    let left = false
    const retry = () => again((n) => n + 1)
    const gone = () => {
      tell({ type: 'microphone', is: 'missing' })
      retry()
    }
    const open = async () => {
      const media = await openMicrophone(id)
      if (left) return stop(media)
      opened = media
      media.getAudioTracks().forEach((t) => t.addEventListener('ended', gone))
      setStream(media)
      tell({ type: 'microphone', is: 'open' })
    }
    const failed = (error: unknown) => {
      if (left) return
      tell({ type: 'microphone', is: microphoneOf(error) })
      navigator.mediaDevices?.addEventListener('devicechange', retry)
    }
    open().catch(failed)
    return () => {
      left = true
      navigator.mediaDevices?.removeEventListener('devicechange', retry)
      opened?.getAudioTracks().forEach((t) => t.removeEventListener('ended', gone))
      setStream(undefined)
      if (opened) stop(opened)
    }
  }, [id, wanted, tries, tell])
  return stream
}

const stop = (stream: MediaStream) => stream.getTracks().forEach((t) => t.stop())
