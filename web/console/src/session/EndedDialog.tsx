import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useLanguage } from '../i18n'
import { Dialog } from '../shell/Dialog'
import { leave } from './leave'
import { useMe } from './me'
import { SignInForm } from './SignInForm'
import { enter, useEnded } from './store'

/** Lets somebody whose session has ended sign in again on top of the page, so that nothing they have typed is lost. */
export function EndedDialog() {
  const { t } = useLanguage()
  const me = useMe()
  const client = useQueryClient()
  const again = () => {
    enter()
    void client.invalidateQueries()
  }
  return (
    <Dialog open={useEnded()} title={t('ended.title')} width={400}>
      <p className="dialog-text">{t('ended.text')}</p>
      <SignInForm name={me.id} onDone={again} />
      <Button type="link" block onClick={() => leave(client)}>
        {t('ended.other')}
      </Button>
    </Dialog>
  )
}
