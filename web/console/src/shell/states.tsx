import { Alert, Button, Empty, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useLanguage } from '../i18n'
import { useRefusal } from './refusal'

interface Asked {
  data: unknown
  error: unknown
  isPending: boolean
  refetch: () => unknown
}

/** Shows what was asked for once it is there; until then that it is coming, or why it is not. What is there stays where asking
 *  anew fails: the bar at the top says that it may be old. */
export function When({ asked, rows = 4, children }: { asked: Asked; rows?: number; children: ReactNode }) {
  if (asked.isPending) return <Skeleton active title={false} paragraph={{ rows }} className="pad" />
  return asked.data === undefined ? <Failed asked={asked} /> : children
}

function Failed({ asked }: { asked: Asked }) {
  const { t } = useLanguage()
  const refusal = useRefusal()
  return (
    <Alert
      className="failed" type="warning" showIcon title={refusal(asked.error)}
      action={<Button onClick={() => asked.refetch()}>{t('again')}</Button>}
    />
  )
}

export function Nothing({ children }: { children: ReactNode }) {
  return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={children} />
}
