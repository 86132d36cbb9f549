import createClient from 'openapi-fetch'
import { correct } from '../time/clock'
import { Problem, problemOf } from './problem'
import type { paths } from './schema'

export const api = createClient<paths>({ baseUrl: window.location.origin })

let onExpiry: () => void = () => {}

/** Says what is to happen when the server no longer knows the session. */
export function whenExpired(then: () => void) {
  onExpiry = then
}

export function expired() {
  onExpiry()
}

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** Waits for an answer and gives what it holds; everything else is thrown as a Problem. */
export async function ask<T>(request: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await reach(request)
  correct(response.headers.get('Date'))
  if (response.ok) return data as T
  if (response.status === 401) onExpiry()
  throw problemOf(response, error)
}

async function reach<T>(request: Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await request
  } catch (cause) {
    throw new Problem(0, String(cause))
  }
}
