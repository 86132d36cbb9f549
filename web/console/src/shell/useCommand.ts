import { useMutation } from '@tanstack/react-query'
import { App } from 'antd'
import { Problem } from '../api/problem'
import { useRefusal } from './refusal'

/** Has the server do something. What it refuses is said at the top; a session that has ended, in a dialog of its own. */
export function useCommand<Asked, Told>(run: (asked: Asked) => Promise<Told>, done: (told: Told, asked: Asked) => void = () => {}) {
  const refusal = useRefusal()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: run,
    onSuccess: done,
    onError: (error) => {
      const session = error instanceof Problem && error.status === 401
      if (!session) message.error(refusal(error))
    },
  })
}
