import { useCallback } from 'react'
import { Problem } from '../api/problem'
import { type Key, useLanguage } from '../i18n'

const known: Record<number, Key> = {
  0: 'problem.unreachable', 401: 'problem.session', 403: 'problem.forbidden', 404: 'problem.missing', 409: 'problem.stale', 410: 'problem.gone',
  422: 'problem.invalid', 429: 'problem.tooMany', 503: 'problem.later',
}

/** What went wrong, as a sentence in the visitor's language. */
export function useRefusal() {
  const { t } = useLanguage()
  return useCallback(
    (error: unknown) => {
      if (!(error instanceof Problem)) return t('problem.other')
      return t(known[error.status] ?? 'problem.other', { seconds: error.wait || 1 })
    },
    [t],
  )
}
