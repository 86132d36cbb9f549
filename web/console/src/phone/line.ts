import { UA, URI, WebSocketInterface } from 'jssip'
import type { RTCSession } from 'jssip/lib/RTCSession'
import type { IncomingRequest } from 'jssip/lib/SIPMessage'
import type { RTCSessionEvent } from 'jssip/lib/UA'
import type { News } from './state'
import { troubleOf } from './trouble'

/** What a line needs of the page. */
interface Desk {
  tell(news: News): void
  microphone(): MediaStream | undefined
  /** Lets the other side be heard. */
  listen(stream: MediaStream): void
}

const host = 'threering.invalid' // the server takes any: it knows whose phone it is by the session
const reconnect = { connection_recovery_min_interval: 1, connection_recovery_max_interval: 4 } // s; well within what a caller waits for
const again = 5_000 // ms until the next try to register
const keptAt = 'threering.talk'
const patience = 3 // tries to connect until the server seems to refuse

/** The phone's way to the server: SIP over WebSocket, registered as long as it is open. A page that is loaded anew leaves without
 *  a word, and so keeps its talk: close is for who wants to leave. */
export class SIPLine {
  private readonly ua: UA
  private session?: RTCSession
  private call = ''
  private expected = '' // a call that the person has begun themselves
  private voice?: MediaStream // the microphone, to be muted for this call alone
  private failures = 0
  private opened = false
  private retry?: ReturnType<typeof setTimeout>

  constructor(
    person: string,
    private readonly desk: Desk,
  ) {
    const url = `${window.location.origin.replace(/^http/, 'ws')}/sip`
    const uri = new URI('sip', person, host).toString()
    this.ua = new UA({ sockets: new WebSocketInterface(url), uri, ...reconnect, user_agent: 'Threering console' })
    this.ua.on('connected', () => (this.opened = true))
    this.ua.on('disconnected', () => this.lost())
    this.ua.on('registered', () => desk.tell({ type: 'line', is: 'ready' }))
    this.ua.on('registrationFailed', () => this.unregistered())
    this.ua.on('newRTCSession', (e: RTCSessionEvent) => {
      const header = (name: string) => (e.request as IncomingRequest).getHeader(`X-Threering-${name}`)
      this.ring(e.session, header('Call') ?? '', header('Resume') === 'yes', header('Watch') !== undefined)
    })
    this.ua.start()
  }

  answer(aloud = true) {
    const { session } = this
    if (!session) return
    this.desk.tell({ type: 'answering', leg: session.id })
    this.voice = this.desk.microphone()?.clone()
    this.voice?.getAudioTracks().forEach((track) => (track.enabled = aloud))
    session.answer({ mediaConstraints: { audio: true, video: false }, mediaStream: this.voice, pcConfig: { iceServers: [] } })
  }

  /** Picks up by itself for a call that the person has begun, whether it rings already or will. */
  expect(call: string) {
    this.expected = call
    if (this.session && this.call === call && !this.session.isEstablished()) this.answer()
  }

  reject() {
    this.session?.terminate({ status_code: 486 })
  }

  hangUp() {
    this.session?.terminate()
  }

  hold(held: boolean) {
    const { session } = this
    if (!session) return
    const done = () => this.desk.tell({ type: 'turned', leg: session.id })
    if (!(held ? session.hold({}, done) : session.unhold({}, done))) return
    this.desk.tell({ type: 'hold', leg: session.id, held })
    this.keep({ held })
  }

  mute(muted: boolean) {
    const { session } = this
    if (!session) return
    if (muted) session.mute({ audio: true })
    else session.unmute({ audio: true })
    this.desk.tell({ type: 'mute', leg: session.id, muted })
    this.keep({ muted })
  }

  press(key: string) {
    const { session } = this
    if (!session) return
    session.sendDTMF(key, { transportType: 'RFC2833' as never })
    this.desk.tell({ type: 'pressed', leg: session.id, key })
  }

  /** Speaks by another microphone from now on. */
  speakBy(microphone: MediaStream) {
    const sender = this.session?.connection?.getSenders().find((s) => s.track?.kind === 'audio')
    if (!sender?.track) return
    const former = this.voice
    this.voice = microphone.clone()
    const [track] = this.voice.getAudioTracks()
    if (!track) return
    track.enabled = sender.track.enabled
    void sender.replaceTrack(track).then(() => stop(former))
  }

  /** Hangs up, and is rung no more. */
  close() {
    clearTimeout(this.retry)
    this.ua.stop()
  }

  private lost() {
    this.failures++
    this.desk.tell({ type: 'line', is: !this.opened && this.failures >= patience ? 'refused' : 'lost' })
  }

  private unregistered() {
    this.desk.tell({ type: 'line', is: 'lost' })
    clearTimeout(this.retry)
    this.retry = setTimeout(() => this.ua.isConnected() && this.ua.register(), again)
  }

  /** Takes a call. One that the person has asked for, to take part or to call somebody, is answered at once. One that is to be resumed takes the place of what is left of the talk, and is answered at once. */
  private ring(session: RTCSession, call: string, resumed: boolean, watches: boolean) {
    const former = this.session
    if (former && !resumed) {
      session.terminate({ status_code: 486 })
      return
    }
    former?.terminate()
    this.session = session
    this.desk.tell({ type: 'rung', leg: session.id, call, resumed })
    this.follow(session)
    this.call = call
    if (resumed) this.resume(session)
    else if (watches || (call !== '' && call === this.expected)) this.answer()
  }

  /** Answers, with the microphone and the caller as they were. */
  private resume(session: RTCSession) {
    const { held, muted } = this.kept()
    this.answer(!muted && !held)
    if (muted) this.mute(true)
    if (held) session.on('confirmed', () => this.hold(true))
  }

  /** What the agent made of the talk, for the page that comes after this one. */
  private keep(change: { held?: boolean; muted?: boolean }) {
    sessionStorage.setItem(keptAt, JSON.stringify({ ...this.kept(), ...change, call: this.call }))
  }

  private kept(): { held: boolean; muted: boolean } {
    const { call, held, muted } = JSON.parse(sessionStorage.getItem(keptAt) ?? '{}') as { call?: string; held?: boolean; muted?: boolean }
    return call === this.call ? { held: held === true, muted: muted === true } : { held: false, muted: false }
  }

  private follow(session: RTCSession) {
    const leg = session.id
    session.on('peerconnection', ({ peerconnection }) => {
      peerconnection.addEventListener('track', (e) => this.desk.listen(e.streams[0] ?? new MediaStream([e.track])))
    })
    session.on('icecandidate', ({ ready }) => ready()) // the server learns the others by what is sent from them
    session.on('accepted', () => this.desk.tell({ type: 'talking', leg }))
    const over = ({ cause }: { cause: string }) => {
      if (this.session === session) {
        this.session = undefined
        stop(this.voice)
      }
      this.desk.tell({ type: 'over', leg, trouble: troubleOf(cause) })
    }
    session.on('ended', over)
    session.on('failed', over)
  }
}

const stop = (stream?: MediaStream) => stream?.getTracks().forEach((t) => t.stop())
