import { useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useLanguage } from '../i18n'
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
    <Modal open={useEnded()} title={t('ended.title')} closable={false} keyboard={false} mask={{ closable: false }} footer={null} width={400} destroyOnHidden>
      <p>{t('ended.text')}</p>
      <SignInForm name={me.id} onDone={again} />
      <Button type="link" block onClick={() => leave(client)}>
        {t('ended.other')}
      </Button>
    </Modal>
  )
}
