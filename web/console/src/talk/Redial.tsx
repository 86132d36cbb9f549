import type { Call } from '../api/types'
import { useLanguage } from '../i18n'
import { useRefusal } from '../shell/refusal'
import { useDeed } from './useDeed'

/** Calls the other side of a call again, in one click. */
export function Redial({ call, disabled }: { call: Call; disabled: boolean }) {
  const { t } = useLanguage()
  const refusal = useRefusal()
  const deed = useDeed(call.id)
  return (
    <>
      <button type="button" className="plain" disabled={disabled || deed.isPending} onClick={() => deed.mutate({ way: 'redial', again: call.id })}>
        {t('talk.redial')}
      </button>
      {deed.error && (
        <span className="wrong today-refused" role="alert">
          {refusal(deed.error)}
        </span>
      )}
    </>
  )
}
