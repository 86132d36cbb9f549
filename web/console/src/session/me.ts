import { createContext, useContext } from 'react'
import type { Me } from '../api/types'

/** Who is signed in; set around all pages but the sign-in. */
export const MeContext = createContext<Me | null>(null)

export function useMe(): Me {
  const me = useContext(MeContext)
  if (!me) throw new Error('nobody is signed in')
  return me
}

export const useCenter = () => useMe().center

export type Page = '/agent' | '/board' | '/calls' | '/callbacks' | '/lines'

/** The pages of each role; the first is where they begin. */
export const pagesOf: Record<Me['role'], Page[]> = {
  agent: ['/agent', '/calls'],
  supervisor: ['/board', '/calls', '/callbacks', '/lines'],
  qa: ['/calls'],
  admin: ['/board', '/calls', '/callbacks', '/lines'],
}
