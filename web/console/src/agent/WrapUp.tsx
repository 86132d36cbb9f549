import { Button, Input } from 'antd'
import { useState } from 'react'
import { Problem } from '../api/problem'
import type { Agent, Disposition } from '../api/types'
import { useLanguage } from '../i18n'
import { useCenter } from '../session/me'
import { Field } from '../shell/Field'
import { useHotkeys } from '../shell/Hotkeys'
import { Panel } from '../shell/Panel'
import { useRefusal } from '../shell/refusal'
import { now } from '../time/clock'
import { Left } from '../time/Left'
import { dayOf } from '../time/zone'
import { Conflict } from './Conflict'
import { type Draft, isEmpty } from './draft'
import { FollowUp } from './FollowUp'
import { mistakes } from './mistakes'
import { callOf } from './states'
import { isStale, useSend } from './useSend'
import type { DraftBox } from './useDraft'

interface Props {
  self: Agent
  call: string // that is written about; '' for none
  draft: Draft
  /** What is written about the call already, as far as the server has told. */
  present?: Disposition
  box: DraftBox
  onDone: () => void
}

/** The form for what a call was about. It can be written from the talk's first second, and sent once the talk has ended. */
export function WrapUp({ self, call, draft, present, box, onDone }: Props) {
  const { t } = useLanguage()
  const refusal = useRefusal()
  const center = useCenter()
  const [tried, setTried] = useState('') // the call that sending was tried for
  const done = (sent: string) => {
    box.drop(sent)
    if (sent !== call) return // another one came before the answer
    setTried('')
    onDone()
  }
  const send = useSend(done)

  const own = callOf(self) === call
  const talking = own && (self.state === 'talking' || self.state === 'offered')
  const closed = call === '' || (own && self.state === 'offered')
  const theirs = present && !isEmpty(draft) && present.version !== draft.version ? present : undefined
  const change = (part: Partial<Draft>) => box.put(call, { ...draft, ...part })
  const wrong = call !== '' && tried === call ? mistakes(draft, dayOf(now(), center.time_zone)) : {}
  const refused = send.error instanceof Problem && send.error.status === 422 ? send.error : undefined
  const put = (version: number) => {
    setTried(call)
    const faulty = Object.keys(mistakes(draft, dayOf(now(), center.time_zone))).length > 0
    if (!closed && !talking && !faulty && !send.isPending) send.mutate({ call, draft: { ...draft, version } })
  }
  const submit = () => !theirs && put(draft.version)
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
                {center.reasons.map((r) => (
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
        {theirs && <Conflict theirs={theirs} pending={send.isPending} onOverwrite={() => put(theirs.version)} onDrop={() => done(call)} />}
        <Button type="primary" htmlType="submit" block disabled={closed || talking || theirs !== undefined} loading={send.isPending}>
          {own || call === '' ? t('wrapup.done') : t('wrapup.send')}
          <kbd>Ctrl+Enter</kbd>
        </Button>
        <p className="wrapup-note" aria-live="polite">
          {note()}
        </p>
      </form>
    </Panel>
  )

  function about(): string {
    return call === '' ? t('wrapup.noCall') : draft.caller
  }

  function note() {
    if (send.error && !refused && !(theirs && isStale(send.error))) return <span className="wrong">{refusal(send.error)}</span>
    if (talking && !closed) return t('wrapup.later')
    if (!own || !self.until) return null
    return (
      <>
        {t('wrapup.left')} <Left until={self.until} />
        {t('wrapup.kept')}
      </>
    )
  }
}
