import type { Call } from '../api/types'

/** The number of the other side of a call, for somebody of the house who may have placed it. */
export const otherOf = ({ number, dialled }: Pick<Call, 'number' | 'dialled'>, self: string) => (number === self && dialled ? dialled : number)
