const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((s) => s * 1000)

/** Round moments for a scale over so many milliseconds, at most nine of them up to a working day. */
export function marks(whole: number): number[] {
  const step = steps.find((s) => whole / s <= 8) ?? 7_200_000
  return Array.from({ length: Math.floor(whole / step) + 1 }, (_, i) => i * step)
}
