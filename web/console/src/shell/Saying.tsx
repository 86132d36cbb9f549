import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react'
import type { Word } from './useCommand'

interface Props {
  said?: Word
  /** Is called when it has been said long enough. */
  onOver: () => void
  children: ReactNode
}

const lasts = 8000 // ms
const gap = 4 // pixels

/** A control, and beside it for a while what came of it. That lies on top of the page, so that nothing moves. */
export function Saying({ said, onOver, children }: Props) {
  const box = useRef<HTMLSpanElement>(null)
  const bubble = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    const control = box.current?.getBoundingClientRect()
    const told = bubble.current
    if (!said || !control || !told) return undefined
    told.showPopover()
    const left = Math.max(gap, Math.min(control.left, window.innerWidth - told.offsetWidth - gap))
    const below = control.bottom + gap + told.offsetHeight < window.innerHeight
    told.style.left = `${left}px`
    told.style.top = `${below ? control.bottom + gap : control.top - gap - told.offsetHeight}px`
    return () => told.hidePopover()
  }, [said])
  useEffect(() => {
    if (!said) return undefined
    const timer = setTimeout(onOver, lasts)
    return () => clearTimeout(timer)
  }, [said, onOver])
  return (
    <span ref={box}>
      {children}
      {said && (
        <span ref={bubble} popover="manual" role={said.wrong ? 'alert' : 'status'} className={said.wrong ? 'saying wrong' : 'saying'} onClick={onOver}>
          {said.text}
        </span>
      )}
    </span>
  )
}
