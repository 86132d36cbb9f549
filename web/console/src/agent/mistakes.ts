import type { Draft } from './draft'

/** What has to be mended before a draft can be sent; today is a day as 2026-12-01. */
export function mistakes(d: Draft, today: string): { reason?: boolean; followUp?: boolean } {
  return {
    ...(d.reason.trim() === '' && { reason: true }),
    ...(d.followUp !== '' && d.followUp < today && { followUp: true }),
  }
}
