import { useQuery } from '@tanstack/react-query'
import { gateQuery, trunksQuery } from '../api/queries'
import { useLanguage } from '../i18n'
import { Panel } from '../shell/Panel'
import { When } from '../shell/states'
import { BanTable } from './BanTable'
import { TrunkTable } from './TrunkTable'
import { TurnedAway } from './TurnedAway'
import '../style/lines.css'

/** The ways to the outside: the trunks, and who is kept out. */
export default function LinesPage() {
  const { t } = useLanguage()
  const gate = useQuery(gateQuery)
  const trunks = useQuery(trunksQuery)
  return (
    <div className="lines">
      <Panel title={t('lines.trunks')}>
        <When asked={trunks}>
          <TrunkTable trunks={trunks.data ?? []} />
        </When>
      </Panel>
      <Panel title={t('lines.bans')} extra={<span className="figures">{gate.data?.bans.length}</span>}>
        <When asked={gate}>
          <BanTable bans={gate.data?.bans ?? []} />
        </When>
      </Panel>
      <Panel title={t('lines.turned')}>
        <When asked={gate} rows={1}>
          {gate.data && <TurnedAway counts={gate.data.turned} />}
        </When>
      </Panel>
    </div>
  )
}
