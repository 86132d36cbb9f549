import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { api, ask } from '../api/client'
import { Problem } from '../api/problem'
import type { Agent } from '../api/types'
import { useLanguage } from '../i18n'
import { useCenter } from '../session/me'
import { useHotkeys } from '../shell/Hotkeys'
import { Panel } from '../shell/Panel'
import { useRefusal } from '../shell/refusal'
import { now } from '../time/clock'
import { dayOf } from '../time/zone'
import type { Draft } from './draft'
import { FollowUp } from './FollowUp'
import { Field } from './Field'
import { mistakes } from './mistakes'
import { reasonsOf } from './reasons'
import { callOf } from './states'
import type { DraftBox } from './useDraft'

interface Props {
  self: Agent
  call: string // that is written about; '' for none
  draft: Draft
  box: DraftBox
  onDone: () => void
}

/** The form for what a call was about. It can be written from the talk's first second, and sent once the talk has ended. */
export function WrapUp({ self, call, draft, box, onDone }: Props) {
  const { t } = useLanguage()
  const refusal = useRefusal()
  const center = useCenter()
  const client = useQueryClient()
  const [tried, setTried] = useState('') // the call that sending was tried for
  const send = useMutation({
    mutationFn: ({ reason, notes, followUp }: Draft) =>
      ask(
        api.PUT('/api/v1/calls/{id}/disposition', {
          params: { path: { id: call } },
          body: { reason: reason.trim(), notes: notes || undefined, follow_up: followUp || undefined },
        }),
      ),
    onSuccess: () => {
      box.drop(call)
      setTried('')
      onDone()
      void client.invalidateQueries({ queryKey: ['calls'] })
    },
  })

  const own = callOf(self) === call
  const talking = own && (self.state === 'talking' || self.state === 'offered')
  const closed = call === '' || (own && self.state === 'offered')
  const change = (part: Partial<Draft>) => box.put(call, { ...draft, ...part })
  const wrong = call !== '' && tried === call ? mistakes(draft, dayOf(now(), center.time_zone)) : {}
  const refused = send.error instanceof Problem && send.error.status === 422 ? send.error : undefined
  const submit = () => {
    setTried(call)
    const faulty = Object.keys(mistakes(draft, dayOf(now(), center.time_zone))).length > 0
    if (!closed && !talking && !faulty && !send.isPending) send.mutate(draft)
  }
  useHotkeys([{ key: 'Ctrl+Enter', does: t('keys.send'), run: submit }])

  return (
    <Panel title={t('wrapup.title')} extra={<span className="quiet">{about()}</span>} className={`wrapup ${closed ? 'wrapup-closed' : ''}`}>
      <form
        onSubmit={(e) => {
          e.preventDefault()
          submit()
        }}
      >
        <Field label={t('wrapup.reason')} wrong={wrong.reason && t('wrapup.reasonNeeded')} refused={refused?.at('reason')}>
          {(props) => (
            <>
              <Input {...props} value={draft.reason} disabled={closed} maxLength={100} onChange={(e) => change({ reason: e.target.value })} />
              <div className="chips">
                {reasonsOf(center).map((r) => (
                  <button type="button" key={r} disabled={closed} aria-pressed={draft.reason === r} onClick={() => change({ reason: r })}>
                    {r}
                  </button>
                ))}
              </div>
            </>
          )}
        </Field>
        <Field label={t('wrapup.notes')} refused={refused?.at('notes')}>
          {(props) => (
            <Input.TextArea {...props} value={draft.notes} disabled={closed} rows={4} maxLength={4000} onChange={(e) => change({ notes: e.target.value })} />
          )}
        </Field>
        <Field label={t('wrapup.followUp')} wrong={wrong.followUp && t('wrapup.past')} refused={refused?.at('follow_up')}>
          {(props) => <FollowUp {...props} value={draft.followUp} disabled={closed} onChange={(followUp) => change({ followUp })} />}
        </Field>
        <Button type="primary" htmlType="submit" block disabled={closed || talking} loading={send.isPending}>
          {own || call === '' ? t('wrapup.done') : t('wrapup.send')}
          <kbd>Ctrl+Enter</kbd>
        </Button>
        <p className="wrapup-note" aria-live="polite">
          {send.error && !refused ? <span className="wrong">{refusal(send.error)}</span> : talking && !closed ? t('wrapup.later') : null}
        </p>
      </form>
    </Panel>
  )

  function about(): string {
    if (call === '') return t('wrapup.noCall')
    return draft.caller
  }
}
