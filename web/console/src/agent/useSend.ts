import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ask } from '../api/client'
import { Problem } from '../api/problem'
import { callQuery } from '../api/queries'
import type { Draft } from './draft'

/** Sends what was written about a call. Where somebody else was quicker nothing is changed, and what they wrote is asked for. */
export function useSend(call: string, onSent: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ reason, notes, followUp, version }: Draft) =>
      ask(
        api.PUT('/api/v1/calls/{id}/disposition', {
          params: { path: { id: call } },
          body: { reason: reason.trim(), notes: notes || undefined, follow_up: followUp || undefined, version: version || undefined },
        }),
      ),
    onSuccess: () => {
      onSent()
      void client.invalidateQueries({ queryKey: ['calls'] })
      void client.invalidateQueries({ queryKey: callQuery(call).queryKey })
    },
    onError: (error) => (isStale(error) ? client.invalidateQueries({ queryKey: callQuery(call).queryKey }) : undefined),
  })
}

export const isStale = (error: unknown) => error instanceof Problem && error.status === 409
