import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ask } from '../api/client'
import { Problem } from '../api/problem'
import { callQuery } from '../api/queries'
import type { Draft } from './draft'

interface Writing {
  call: string
  draft: Draft
}

/** Sends what was written about a call. Where somebody else was quicker nothing is changed, and what they wrote is asked for. When
 *  the answer comes the agent may write about another call already: onSent is told which one it is about. */
export function useSend(onSent: (call: string) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ call, draft: { reason, notes, followUp, version } }: Writing) =>
      ask(
        api.PUT('/api/v1/calls/{id}/disposition', {
          params: { path: { id: call } },
          body: { reason: reason.trim(), notes: notes || undefined, follow_up: followUp || undefined, version: version || undefined },
        }),
      ),
    onSuccess: (_, { call }) => {
      onSent(call)
      void client.invalidateQueries({ queryKey: ['calls'] })
      void client.invalidateQueries({ queryKey: callQuery(call).queryKey })
    },
    onError: (error, { call }) => (isStale(error) ? client.invalidateQueries({ queryKey: callQuery(call).queryKey }) : undefined),
  })
}

export const isStale = (error: unknown) => error instanceof Problem && error.status === 409
