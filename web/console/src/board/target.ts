import type { Center } from '../api/types'

/** One ring, sound and silence, in seconds; as the center's ring cadence has it. */
const ring: Record<Center['ring_cadence'], number> = { cn: 5, us: 6, uk: 3, hk: 4, jp: 3 }

/** How long a caller may wait, in milliseconds: three rings. */
export const target = (center: Center) => 3 * 1000 * (ring[center.ring_cadence] ?? ring.cn)
