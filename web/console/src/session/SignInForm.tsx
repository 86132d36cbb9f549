import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Form, Input } from 'antd'
import { api, ask } from '../api/client'
import { Problem } from '../api/problem'
import { type Me } from '../api/types'
import { useLanguage } from '../i18n'
import { useRefusal } from '../shell/refusal'

interface Values {
  name: string
  password: string
}

/** Name and password. Who signs in again gives the password only. */
export function SignInForm({ name, onDone }: { name?: string; onDone: (me: Me) => void }) {
  const { t } = useLanguage()
  const refusal = useRefusal()
  const [form] = Form.useForm<Values>()
  const signIn = useMutation({
    mutationFn: (body: Values) => ask(api.POST('/api/v1/session', { body })),
    onSuccess: onDone,
    onError: () => form.resetFields(['password']),
  })
  const wrong = signIn.error instanceof Problem && signIn.error.status === 401
  const required = (message: string) => [{ required: true, message }]
  return (
    <Form form={form} layout="vertical" requiredMark={false} initialValues={{ name }} onFinish={(v) => signIn.mutate(v)}>
      <Form.Item name="name" label={t('signin.name')} rules={required(t('signin.nameNeeded'))}>
        <Input autoComplete="username" autoFocus={!name} disabled={Boolean(name)} maxLength={100} size="large" />
      </Form.Item>
      <Form.Item name="password" label={t('signin.password')} rules={required(t('signin.passwordNeeded'))}>
        <Input.Password autoComplete="current-password" autoFocus={Boolean(name)} maxLength={200} size="large" />
      </Form.Item>
      <div className="signin-error" aria-live="assertive">
        {signIn.error && (
          <Alert type="error" showIcon title={wrong ? t('signin.wrong') : refusal(signIn.error)} />
        )}
      </div>
      <Button type="primary" htmlType="submit" block size="large" loading={signIn.isPending}>
        {t('signin.submit')}
      </Button>
    </Form>
  )
}
