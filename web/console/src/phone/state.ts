/** What keeps the microphone from the phone; or that it is asked for, or open. */
export type Microphone = 'asking' | 'open' | 'refused' | 'missing' | 'busy' | 'insecure'

/** The way to the server. Refused: it has never taken this phone, though it can be reached. */
export type Line = 'connecting' | 'ready' | 'lost' | 'refused'

/** Why a call came to nothing, where it was not meant to. */
export type Trouble = 'network' | 'sound' | 'microphone' | 'other'

/** The one call that a phone can have. */
export interface Talk {
  leg: string // tells it from the one before it, whose end may be heard late
  call: string // the server's name of the call
  phase: 'ringing' | 'answering' | 'talking'
  held: boolean
  turning: boolean // held or taken back, and the server has not said yes yet
  muted: boolean
  keys: string // that were pressed, for the eye
}

/** The phone in this browser, as plain values. */
export interface Phone {
  wanted: boolean // switched on
  ours: boolean | undefined // whether this tab has it, and no other; undefined: not known yet
  microphone: Microphone
  line: Line
  blocked: boolean // the browser plays nothing until somebody clicks
  talk?: Talk
  trouble?: Trouble
}

export type News =
  | { type: 'switched'; on: boolean }
  | { type: 'tab'; ours: boolean }
  | { type: 'microphone'; is: Microphone }
  | { type: 'line'; is: Line }
  | { type: 'blocked'; is: boolean }
  | { type: 'rung'; leg: string; call: string; resumed: boolean }
  | { type: 'answering' | 'talking' | 'turned'; leg: string }
  | { type: 'hold'; leg: string; held: boolean }
  | { type: 'mute'; leg: string; muted: boolean }
  | { type: 'pressed'; leg: string; key: string }
  | { type: 'over'; leg: string; trouble?: Trouble }

export const idle = (wanted: boolean): Phone => ({ wanted, ours: undefined, microphone: 'asking', line: 'connecting', blocked: false })

/** What the phone is after something has happened. News of a call that it no longer has changes nothing. */
export function turn(phone: Phone, news: News): Phone {
  switch (news.type) {
    case 'switched':
      return phone.wanted === news.on ? phone : idle(news.on)
    case 'tab':
      return { ...phone, ours: news.ours }
    case 'microphone':
      return { ...phone, microphone: news.is }
    case 'line':
      return { ...phone, line: news.is }
    case 'blocked':
      return { ...phone, blocked: news.is }
    case 'rung': {
      const phase = news.resumed ? 'answering' : 'ringing'
      const talk: Talk = { leg: news.leg, call: news.call, phase, held: false, turning: false, muted: false, keys: '' }
      return { ...phone, talk, trouble: undefined }
    }
    default:
      return phone.talk?.leg === news.leg ? inTalk(phone, phone.talk, news) : phone
  }
}

type OfTalk = Exclude<Extract<News, { leg: string }>, { type: 'rung' }>

function inTalk(phone: Phone, talk: Talk, news: OfTalk): Phone {
  const change = (to: Partial<Talk>): Phone => ({ ...phone, talk: { ...talk, ...to } })
  switch (news.type) {
    case 'answering':
      return talk.phase === 'ringing' ? change({ phase: 'answering' }) : phone
    case 'talking':
      return change({ phase: 'talking' })
    case 'hold':
      return change({ held: news.held, turning: true })
    case 'turned':
      return change({ turning: false })
    case 'mute':
      return change({ muted: news.muted })
    case 'pressed':
      return change({ keys: (talk.keys + news.key).slice(-mostKeys) })
    case 'over':
      return { ...phone, talk: undefined, trouble: news.trouble }
  }
}

const mostKeys = 16 // that are shown

/** Whether the microphone is to be open. It stays so between calls: nobody is asked anew for each. */
export const wantsMicrophone = (p: Phone) => p.wanted && p.ours === true

/** Whether the server is to ring here: not without a microphone. A talk is kept, whatever befalls that. */
export const wantsLine = (p: Phone) => wantsMicrophone(p) && (p.microphone === 'open' || p.talk !== undefined)

export const conditions = [
  'off', 'elsewhere', 'asking', 'refused', 'missing', 'busy', 'insecure', 'connecting', 'lost', 'rejected', 'ready', 'ringing', 'answering', 'talking',
  'held', 'muted',
] as const

/** What the phone is, in one word. */
export type Condition = (typeof conditions)[number]

export function conditionOf(p: Phone): Condition {
  if (!p.wanted) return 'off'
  if (p.ours === false) return 'elsewhere'
  if (p.microphone !== 'open' && !(p.talk && p.microphone === 'asking')) return p.microphone
  if (p.line === 'lost') return 'lost'
  if (p.talk) return p.talk.held ? 'held' : p.talk.muted ? 'muted' : p.talk.phase
  return p.line === 'refused' ? 'rejected' : p.line
}

/** Good, under way, or wrong: the condition's colour. */
export function moodOf(is: Condition): 'off' | 'good' | 'busy' | 'wait' | 'bad' {
  switch (is) {
    case 'off':
    case 'elsewhere':
      return 'off'
    case 'ready':
      return 'good'
    case 'ringing':
    case 'asking':
    case 'connecting':
      return 'wait'
    case 'answering':
    case 'talking':
    case 'held':
    case 'muted':
      return 'busy'
    default:
      return 'bad'
  }
}

/** What can be done with the phone now. */
export function waysOf({ talk }: Phone) {
  const ringing = talk?.phase === 'ringing'
  const talking = talk?.phase === 'talking'
  return { answer: ringing, reject: ringing, hold: talking && !talk.turning, mute: talking, press: talking && !talk.held, hangUp: talking || talk?.phase === 'answering' }
}
