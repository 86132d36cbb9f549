import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { api, ask } from '../api/client'
import { Problem } from '../api/problem'
import { type Me } from '../api/types'
import { useLanguage } from '../i18n'
import { Field } from '../shell/Field'
import { useRefusal } from '../shell/refusal'

interface Values {
  name: string
  password: string
}

/** Name and password. Who signs in again gives the password only. */
export function SignInForm({ name = '', onDone }: { name?: string; onDone: (me: Me) => void }) {
  const { t } = useLanguage()
  const refusal = useRefusal()
  const [values, set] = useState<Values>({ name, password: '' })
  const [tried, setTried] = useState(false)
  const signIn = useMutation({
    mutationFn: (body: Values) => ask(api.POST('/api/v1/session', { body })),
    onSuccess: onDone,
    onError: () => {
      setTried(false)
      set((was) => ({ ...was, password: '' }))
    },
  })
  const wrong = signIn.error instanceof Problem && signIn.error.status === 401
  const submit = (e: FormEvent) => {
    e.preventDefault()
    setTried(true)
    if (values.name && values.password && !signIn.isPending) signIn.mutate(values)
  }
  return (
    <form onSubmit={submit}>
      <Field label={t('signin.name')} wrong={tried && !values.name && t('signin.nameNeeded')}>
        {(props) => (
          <Input
            {...props} autoComplete="username" autoFocus={!name} disabled={Boolean(name)} maxLength={100} size="large"
            value={values.name} onChange={(e) => set({ ...values, name: e.target.value })}
          />
        )}
      </Field>
      <Field label={t('signin.password')} wrong={tried && !values.password && t('signin.passwordNeeded')}>
        {(props) => (
          <Input.Password
            {...props} autoComplete="current-password" autoFocus={Boolean(name)} maxLength={200} size="large"
            value={values.password} onChange={(e) => set({ ...values, password: e.target.value })}
          />
        )}
      </Field>
      <div className="signin-error" aria-live="assertive">
        {signIn.error && (
          <Alert type="error" showIcon title={wrong ? t('signin.wrong') : refusal(signIn.error)} />
        )}
      </div>
      <Button type="primary" htmlType="submit" block size="large" loading={signIn.isPending}>
        {t('signin.submit')}
      </Button>
    </form>
  )
}
