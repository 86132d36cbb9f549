import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, createContext, useCallback, useContext, useEffect, useMemo, useReducer, useRef, useState } from 'react'
import { meQuery } from '../api/queries'
import { isBlocked, onClick, play, ringing } from './bell'
import { type Devices, chosenDevices, keepDevices, playBy } from './devices'
import type { SIPLine } from './line'
import { type Phone, idle, turn, wantsLine, wantsMicrophone } from './state'
import { useLine } from './useLine'
import { useMicrophone } from './useMicrophone'
import { useTab } from './useTab'

export interface Handset {
  phone: Phone
  line?: SIPLine
  microphone?: MediaStream
  devices: Devices
  choose: (devices: Devices) => void
  turnOn: (on: boolean) => void
}

const Context = createContext<Handset | null>(null)

/** The phone in this browser; null for people who are not rung. */
export const usePhone = () => useContext(Context)

const keyOf = (person: string) => `threering.phone.${person}`

/** Has the phone of one person, on whatever page they are: it outlives the way from one to another. */
export function PhoneProvider({ person, children }: { person: string; children: ReactNode }) {
  const key = keyOf(person)
  const [phone, tell] = useReducer(turn, localStorage.getItem(key) === 'on', idle)
  const [devices, setDevices] = useState(() => chosenDevices())
  const ear = useRef<HTMLAudioElement>(null)
  const bell = useRef<HTMLAudioElement>(null)

  const blocked = useCallback(() => tell({ type: 'blocked', is: true }), [])
  const listen = useCallback(
    (stream: MediaStream) => {
      if (!ear.current) return
      ear.current.srcObject = stream
      ear.current.play().catch(blocked)
    },
    [blocked],
  )
  useTab(person, phone.wanted, tell)
  const microphone = useMicrophone(devices.microphone, wantsMicrophone(phone), tell)
  const line = useLine(person, wantsLine(phone), microphone, listen, tell)
  useAsking(phone)

  useEffect(() => {
    const changed = (e: StorageEvent) => e.key === key && tell({ type: 'switched', on: e.newValue === 'on' })
    window.addEventListener('storage', changed)
    return () => window.removeEventListener('storage', changed)
  }, [key])

  useEffect(() => {
    for (const { current } of [ear, bell]) if (current) void playBy(current, devices.speaker)
  }, [devices.speaker])

  const isRinging = phone.talk?.phase === 'ringing'
  useEffect(() => {
    return isRinging && bell.current ? play(bell.current, ringing, true) : undefined
  }, [isRinging])

  const isOn = wantsLine(phone)
  useEffect(() => {
    if (isOn) void isBlocked().then((yes) => yes && blocked())
  }, [isOn, blocked])
  useEffect(() => {
    if (!phone.blocked) return undefined
    return onClick(() => {
      tell({ type: 'blocked', is: false })
      if (ear.current?.srcObject) ear.current.play().catch(blocked)
    })
  }, [phone.blocked, blocked])

  const handset = useMemo<Handset>(
    () => ({
      phone, line, microphone, devices,
      choose: (chosen) => {
        keepDevices(chosen)
        setDevices(chosen)
      },
      turnOn: (on) => {
        localStorage.setItem(key, on ? 'on' : 'off')
        tell({ type: 'switched', on })
      },
    }),
    [phone, line, microphone, devices, key],
  )
  return (
    <Context value={handset}>
      {children}
      <audio ref={ear} className="phone-ear" autoPlay />
      <audio ref={bell} className="phone-bell" />
    </Context>
  )
}

/** A browser does not say why a WebSocket was refused. Whether the session has ended is asked; who is told so signs in again. */
function useAsking({ line }: Phone) {
  const client = useQueryClient()
  const isLost = line === 'lost' || line === 'refused'
  useEffect(() => {
    if (isLost) void client.invalidateQueries({ queryKey: meQuery.queryKey })
  }, [isLost, client])
}
