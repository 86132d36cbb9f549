import type { components } from './schema'

type Schemas = components['schemas']

export type Me = Schemas['Me']
export type Center = Schemas['Info']
export type Agent = Schemas['AgentView']
export type AgentState = Agent['state']
export type Queue = Schemas['QueueView']
export type Figures = Schemas['Figures']
export type WaitingCall = Schemas['WaitingCall']
export type Call = Schemas['Call']
export type Entry = Schemas['Entry']
export type Recording = Schemas['Recording']
export type Disposition = Schemas['Disposition']
export type Pop = Schemas['Pop']
export type Alarm = Schemas['Alarm']
export type Ban = Schemas['Ban']
export type Trunk = Schemas['View']
export type Ladder = Schemas['Ladder']
export type Target = Schemas['Target']
export type TargetView = Schemas['TargetView']
export type PartyView = Schemas['Party']
export type Mode = Schemas['WatcherView']['mode']
export type Turned = Schemas['Turned']

export const states: AgentState[] = ['available', 'offered', 'talking', 'wrapup', 'break', 'missed', 'offline']
export const outcomes = ['open', 'answered', 'abandoned', 'gave_up', 'menu', 'failed', 'interrupted'] as const
export type Outcome = (typeof outcomes)[number]
