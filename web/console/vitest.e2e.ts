import { defineConfig } from 'vitest/config'

const minutes = 60_000

export default defineConfig({
  test: {
    include: [process.env['THREERING_SCREENSHOTS'] ? 'e2e/screenshots.ts' : 'e2e/**/*.e2e.ts'],
    testTimeout: 2 * minutes,
    hookTimeout: minutes,
    maxWorkers: 3, // they wait for telephones most of the time
  },
})
