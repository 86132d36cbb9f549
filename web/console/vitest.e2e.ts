import { defineConfig } from 'vitest/config'

const minutes = 60_000

export default defineConfig({
  test: {
    include: [process.env['THREERING_SCREENSHOTS'] ? 'e2e/screenshots.ts' : 'e2e/**/*.e2e.ts'],
    testTimeout: 2 * minutes,
    hookTimeout: minutes,
    maxWorkers: 1, // talks in real time: side by side on two cores, one is heard to stutter now and then
  },
})
