import type { components } from './schema'

type Detail = components['schemas']['ErrorDetail']

/** What the server refused, or why it could not be asked (RFC 9457). */
export class Problem extends Error {
  /** @param status HTTP's; 0 where the server was not reached
   *  @param wait seconds to wait before the next try, where the server says so
   *  @param type a URI for the kind of refusal, where there is one */
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly errors: Detail[] = [],
    readonly wait = 0,
    readonly type = '',
  ) {
    super(detail)
  }

  /** What is wrong with one field of the body, in the server's words. */
  at(field: string): string | undefined {
    return this.errors.find((e) => e.location === `body.${field}`)?.message
  }
}

export function problemOf(response: Response, body: unknown): Problem {
  const told = (body && typeof body === 'object' ? body : {}) as components['schemas']['ErrorModel']
  const wait = Number(response.headers.get('Retry-After')) || 0
  return new Problem(response.status, told.detail ?? response.statusText, told.errors ?? [], wait, told.type)
}
