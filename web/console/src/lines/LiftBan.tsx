import { useQueryClient } from '@tanstack/react-query'
import { api, ask } from '../api/client'
import { gateQuery } from '../api/queries'
import type { Ban } from '../api/types'
import { useLanguage } from '../i18n'
import { Confirm } from '../shell/Confirm'
import { useCommand } from '../shell/useCommand'

/** Lets somebody in again who is kept out, once one has said yes to it. */
export function LiftBan({ ban }: { ban: Ban }) {
  const { t } = useLanguage()
  const client = useQueryClient()
  const lift = useCommand(
    (_: void) => ask(api.DELETE('/api/v1/gate/bans/{address}', { params: { path: { address: ban.address } } })),
    () => void client.invalidateQueries({ queryKey: gateQuery.queryKey }),
  )
  return <Confirm does={t('lines.lift')} title={t('lines.liftOf', { network: ban.network })} text={t('lines.liftAsk')} keep={t('lines.keep')} command={lift} />
}
