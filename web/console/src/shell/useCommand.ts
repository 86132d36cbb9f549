import { useMutation } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { Problem } from '../api/problem'
import { useRefusal } from './refusal'

/** What came of a command, in words. */
export interface Word {
  text: string
  wrong: boolean
}

/** Has the server do something. What it refuses, and what done has to say, is for a Saying beside the control; a session that has
 *  ended is said in a dialog of its own. */
export function useCommand<Asked, Told>(run: (asked: Asked) => Promise<Told>, done: (told: Told, asked: Asked) => string | void = () => {}) {
  const refusal = useRefusal()
  const [said, say] = useState<Word>()
  const hush = useCallback(() => say(undefined), [])
  const command = useMutation({
    mutationFn: run,
    onMutate: hush,
    onSuccess: (told, asked) => {
      const text = done(told, asked)
      if (text) say({ text, wrong: false })
    },
    onError: (error) => {
      const session = error instanceof Problem && error.status === 401
      if (!session) say({ text: refusal(error), wrong: true })
    },
  })
  return { run: command.mutate, pending: command.isPending, said, hush }
}
