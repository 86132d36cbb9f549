import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { useLanguage } from '../i18n'

interface Props {
  open: boolean
  title: string
  width?: number // pixels
  /** Without it the dialog stays until it is answered. */
  onClose?: () => void
  children: ReactNode
}

/** A dialog on top of the page. What is behind it cannot be reached meanwhile. */
export function Dialog({ open, ...props }: Props) {
  return open && <Opened {...props} />
}

function Opened({ title, width = 420, onClose, children }: Omit<Props, 'open'>) {
  const { t } = useLanguage()
  const box = useRef<HTMLDialogElement>(null)
  const id = useId()
  useLayoutEffect(() => {
    const dialog = box.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={box} role="dialog" className="dialog" aria-labelledby={id} style={{ width }}
      onKeyDown={(e) => {
        if (e.key !== 'Escape') return
        e.preventDefault()
        onClose?.()
      }}
      onClick={(e) => e.target === e.currentTarget && onClose?.()}
    >
      <div className="dialog-body">
        <header>
          <h2 id={id}>{title}</h2>
          {onClose && (
            <button type="button" className="plain" onClick={onClose}>
              {t('close')}
            </button>
          )}
        </header>
        {children}
      </div>
    </dialog>
  )
}
