import { useQueryClient } from '@tanstack/react-query'
import { Button, Popconfirm } from 'antd'
import { api, ask } from '../api/client'
import { gateQuery } from '../api/queries'
import type { Ban } from '../api/types'
import { useLanguage } from '../i18n'
import { Saying } from '../shell/Saying'
import { useCommand } from '../shell/useCommand'

/** Lets somebody in again who is kept out, once one has said yes to it. */
export function LiftBan({ ban }: { ban: Ban }) {
  const { t } = useLanguage()
  const client = useQueryClient()
  const { network } = ban
  const lift = useCommand(
    () => ask(api.DELETE('/api/v1/gate/bans/{address}', { params: { path: { address: ban.address } } })),
    () => {
      void client.invalidateQueries({ queryKey: gateQuery.queryKey })
    },
  )
  return (
    <Saying said={lift.said} onOver={lift.hush}>
      <Popconfirm
        title={t('lines.liftOf', { network })} description={t('lines.liftAsk')} okText={t('lines.lift')} cancelText={t('lines.keep')}
        onConfirm={() => lift.run(undefined)}
      >
        <Button size="small" aria-label={t('lines.liftOf', { network })} loading={lift.pending}>
          {t('lines.lift')}
        </Button>
      </Popconfirm>
    </Saying>
  )
}
