import { useMutation } from '@tanstack/react-query'
import { usePhone } from '../phone/Phone'
import { type Deed, perform } from './deeds'

/** Lets an agent do something with a call. The phone in this browser picks up by itself where the agent has called. */
export function useDeed(call: string) {
  const handset = usePhone()
  return useMutation({
    mutationFn: (deed: Deed) => perform(call, deed),
    onSuccess: (begun, { way }) => {
      if (way === 'call' || way === 'redial') handset?.line?.expect(begun)
    },
  })
}
