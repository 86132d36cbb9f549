import { useQuery } from '@tanstack/react-query'
import { callbacksQuery } from '../api/queries'
import { useLanguage } from '../i18n'
import { Panel } from '../shell/Panel'
import { When } from '../shell/states'
import { MissedTable } from './MissedTable'
import { WaitingTable } from './WaitingTable'
import '../style/callbacks.css'

/** Who wants to be called back, and who hung up waiting and was not served since. */
export default function CallbacksPage() {
  const { t } = useLanguage()
  const lists = useQuery(callbacksQuery)
  return (
    <div className="callbacks">
      <Panel title={t('callbacks.waiting')} extra={<span className="figures">{lists.data?.waiting.length}</span>} className="callbacks-waiting">
        <When asked={lists}>
          <WaitingTable callbacks={lists.data?.waiting ?? []} />
        </When>
      </Panel>
      {!lists.isLoadingError && ( // it is said above
        <Panel title={<Missed />} extra={<span className="figures">{lists.data?.missed.length}</span>} className="callbacks-missed">
          <When asked={lists}>
            <MissedTable calls={lists.data?.missed ?? []} />
          </When>
        </Panel>
      )}
    </div>
  )
}

/** Whom the second list holds: its heading, and in words. */
function Missed() {
  const { t } = useLanguage()
  return (
    <>
      {t('callbacks.missed')} <span className="quiet">{t('callbacks.missedHint')}</span>
    </>
  )
}
