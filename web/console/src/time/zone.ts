/** How far a zone's clocks are ahead of UTC at a moment, in milliseconds. */
function offset(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric',
    hour: 'numeric', minute: 'numeric', second: 'numeric',
  }).formatToParts(at)
  const part = (type: string) => Number(parts.find((p) => p.type === type)?.value)
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return local - Math.floor(at / 1000) * 1000
}

/** When a day (2026-12-01) begins in a zone, as RFC 3339. */
export function dayStart(day: string, zone: string): string {
  const utc = Date.parse(day + 'T00:00:00Z')
  const first = utc - offset(utc, zone)
  return new Date(utc - offset(first, zone)).toISOString() // again, for days on which the clocks are changed
}

/** Which day (2026-12-01) a moment belongs to in a zone. */
export function dayOf(at: number, zone: string): string {
  return new Date(at + offset(at, zone)).toISOString().slice(0, 10)
}

/** The next day of the calendar. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(day + 'T00:00:00Z') + 86_400_000).toISOString().slice(0, 10)
}
