import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const dist = 'dist'

/** Packs what the server sends most, so that it need not do so for each visitor. */
function gzip(): Plugin {
  return {
    name: 'gzip',
    apply: 'build',
    closeBundle() {
      for (const name of readdirSync(join(dist, 'assets'))) {
        const file = join(dist, 'assets', name)
        if (/\.(js|css)$/.test(name)) writeFileSync(file + '.gz', gzipSync(readFileSync(file), { level: 9 }))
      }
    },
  }
}

export default defineConfig({
  plugins: [react(), gzip()],
  // The server puts a nonce of its own in place of this mark, in each answer.
  html: { cspNonce: 'threering-nonce' },
  build: { outDir: dist, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/sip': { target: 'http://127.0.0.1:8080', ws: true } } },
  test: { include: ['test/**/*.test.ts'] },
})
