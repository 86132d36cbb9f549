import type { Trouble } from './state'

const troubles: Record<string, Trouble | undefined> = {
  'Terminated': undefined,
  'Canceled': undefined,
  'Rejected': undefined,
  'Busy': undefined,
  'No Answer': undefined,
  'Expires': undefined,
  'Connection Error': 'network',
  'Request Timeout': 'network',
  'No ACK': 'network',
  'WebRTC Error': 'sound',
  'Bad Media Description': 'sound',
  'Incompatible SDP': 'sound',
  'Missing SDP': 'sound',
  'RTP Timeout': 'sound',
  'User Denied Media Access': 'microphone',
}

/** What was wrong where a call ended for a cause, in the SIP library's words; undefined for an end as it should be. */
export const troubleOf = (cause: string): Trouble | undefined => (cause in troubles ? troubles[cause] : 'other')
