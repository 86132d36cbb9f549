import { useEffect, useRef, useState } from 'react'
import type { SIPLine } from './line'
import type { News } from './state'

/** Keeps a line to the server while one is wanted. What speaks SIP is loaded with the first. */
export function useLine(person: string, wanted: boolean, microphone: MediaStream | undefined, listen: (s: MediaStream) => void, tell: (news: News) => void) {
  const [line, setLine] = useState<SIPLine>()
  const open = useRef(microphone)
  useEffect(() => {
    open.current = microphone
    if (microphone) line?.speakBy(microphone)
  }, [microphone, line])

  useEffect(() => {
    if (!wanted) return
    let left = false
    let opened: SIPLine | undefined
    tell({ type: 'line', is: 'connecting' })
    const start = async () => {
      const { SIPLine } = await import('./line')
      if (left) return
      opened = new SIPLine(person, { tell, listen, microphone: () => open.current })
      setLine(opened)
    }
    start().catch(() => !left && tell({ type: 'line', is: 'refused' }))
    return () => {
      left = true
      opened?.close()
      setLine(undefined)
    }
  }, [person, wanted, listen, tell])
  return line
}
