import { Button } from 'antd'
import { useState } from 'react'
import { Dialog } from './Dialog'
import { Saying } from './Saying'
import type { useCommand } from './useCommand'

interface Props {
  /** What the button does, and the one in the dialog too. */
  does: string
  /** What is about to be done, and to whom. */
  title: string
  text: string
  /** Leaves all as it is. */
  keep: string
  command: ReturnType<typeof useCommand<void, unknown>>
}

/** A button for what cannot be taken back: it is done once one has said yes to it. */
export function Confirm({ does, title, text, keep, command }: Props) {
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  const run = () => {
    close()
    command.run()
  }
  return (
    <Saying said={command.said} onOver={command.hush}>
      <Button size="small" aria-label={title} aria-haspopup="dialog" loading={command.pending} onClick={() => setOpen(true)}>
        {does}
      </Button>
      <Dialog open={open} title={title} onClose={close}>
        <p className="dialog-text">{text}</p>
        <div className="dialog-ways">
          <Button onClick={close}>{keep}</Button>
          <Button type="primary" onClick={run}>
            {does}
          </Button>
        </div>
      </Dialog>
    </Saying>
  )
}
