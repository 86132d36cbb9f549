import { Button, Input, type InputRef } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useLanguage } from '../i18n'

interface Props {
  pending: boolean
  refused?: string
  onAsk: (about: string) => void
  onClose: () => void
}

/** Lets an agent ask the supervisors for help, and say what it is about. */
export function AskHelp({ pending, refused, onAsk, onClose }: Props) {
  const { t } = useLanguage()
  const [about, write] = useState('')
  const input = useRef<InputRef>(null)
  useEffect(() => {
    input.current?.focus()
  }, [])
  return (
    <form
      className="picker"
      onSubmit={(e) => {
        e.preventDefault()
        onAsk(about.trim())
      }}
      onKeyDown={(e) => {
        if (e.key !== 'Escape' || e.nativeEvent.isComposing) return
        e.preventDefault()
        onClose()
      }}
    >
      <div className="talk-help">
        <Input ref={input} aria-label={t('talk.about')} placeholder={t('talk.about')} maxLength={200} value={about} onChange={(e) => write(e.target.value)} />
        <Button type="primary" htmlType="submit" loading={pending}>
          {t('talk.help')}
        </Button>
      </div>
      <p className="picker-note wrong" role="alert">
        {refused}
      </p>
    </form>
  )
}
