import { api, ask } from '../api/client'
import type { Target } from '../api/types'

/** Something that an agent wants done with a call. */
export type Deed =
  | { way: 'call'; to: Target }
  | { way: 'redial'; again: string }
  | { way: 'transfer' | 'consult'; to: Target }
  | { way: 'complete' | 'conference' | 'back' | 'calm' }
  | { way: 'help'; text: string }
  | { way: 'dismiss'; guest: string }

/** Has the server do it; of a call that was begun it gives the id. */
export async function perform(call: string, deed: Deed): Promise<string> {
  const params = { path: { id: call } }
  switch (deed.way) {
    case 'call':
      return (await ask(api.POST('/api/v1/calls', { body: { to: deed.to } }))).id
    case 'redial':
      return (await ask(api.POST('/api/v1/calls', { body: { again: deed.again } }))).id
    case 'transfer':
      await ask(api.POST('/api/v1/calls/{id}/transfer', { params, body: { to: deed.to } }))
      return ''
    case 'consult':
      return (await ask(api.POST('/api/v1/calls/{id}/consult', { params, body: { to: deed.to } }))).id
    case 'complete':
      await ask(api.POST('/api/v1/calls/{id}/complete', { params }))
      return ''
    case 'conference':
      await ask(api.POST('/api/v1/calls/{id}/conference', { params }))
      return ''
    case 'back':
      await ask(api.POST('/api/v1/calls/{id}/return', { params }))
      return ''
    case 'help':
      await ask(api.POST('/api/v1/calls/{id}/help', { params, body: { text: deed.text || undefined } }))
      return ''
    case 'calm':
      await ask(api.DELETE('/api/v1/calls/{id}/help', { params }))
      return ''
    case 'dismiss':
      await ask(api.DELETE('/api/v1/calls/{id}/guests/{guest}', { params: { path: { id: call, guest: deed.guest } } }))
      return ''
  }
}
