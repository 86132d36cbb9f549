import { useQueryClient } from '@tanstack/react-query'
import { meQuery } from '../api/queries'
import { useLanguage } from '../i18n'
import { LanguageSwitch } from '../shell/LanguageSwitch'
import { Wordmark } from '../shell/Wordmark'
import { SignInForm } from './SignInForm'

export function SignInPage() {
  const { t } = useLanguage()
  const client = useQueryClient()
  return (
    <main className="signin">
      <section className="signin-card">
        <h1>
          <Wordmark />
        </h1>
        <p className="quiet">{t('signin.hint')}</p>
        <SignInForm onDone={(me) => client.setQueryData(meQuery.queryKey, me)} />
      </section>
      <LanguageSwitch />
    </main>
  )
}
