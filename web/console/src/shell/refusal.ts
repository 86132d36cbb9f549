import { useCallback } from 'react'
import { Problem } from '../api/problem'
import { type Key, useLanguage } from '../i18n'

const known: Record<number, Key> = {
  0: 'problem.unreachable', 401: 'problem.session', 403: 'problem.forbidden', 404: 'problem.missing', 409: 'problem.stale', 410: 'problem.gone',
  422: 'problem.invalid', 429: 'problem.tooMany', 503: 'problem.later',
}

/** What the floor does not do has a type of its own that begins so. */
const floor = 'urn:threering:'

/** What went wrong, as a sentence in the visitor's language. */
export function useRefusal() {
  const { t, word } = useLanguage()
  return useCallback(
    (error: unknown) => {
      if (!(error instanceof Problem)) return t('problem.other')
      const name = error.type.startsWith(floor) ? error.type.slice(floor.length) : ''
      const said = word('denial', name)
      return said !== name ? said : t(known[error.status] ?? 'problem.other', { seconds: error.wait || 1 })
    },
    [t, word],
  )
}
