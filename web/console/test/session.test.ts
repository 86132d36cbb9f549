import { beforeEach, expect, test, vi } from 'vitest'

const server = { status: 401, answer: () => Promise.resolve({ response: new Response(null, { status: server.status }) }) }
let refuse: () => void = () => {}

vi.mock('../src/api/client', () => ({
  api: { GET: () => server.answer() },
  whenExpired: (then: () => void) => {
    refuse = then
  },
}))

const { depart, enter, hasEnded } = await import('../src/session/store')

const answered = () => new Promise((then) => setTimeout(then))

beforeEach(() => {
  server.status = 401
  server.answer = () => Promise.resolve({ response: new Response(null, { status: server.status }) })
  enter()
})

test('a session that the server knows no more has ended', async () => {
  refuse()
  await answered()
  expect(hasEnded()).toBe(true)
  enter()
  expect(hasEnded()).toBe(false)
})

test('what is refused late, after they signed in again, ends nothing', async () => {
  server.status = 200
  refuse()
  await answered()
  expect(hasEnded()).toBe(false)
})

test('who signs out is told of no end, whenever the refusals come', async () => {
  let answer: () => void = () => {}
  server.answer = () => new Promise((then) => (answer = () => then({ response: new Response(null, { status: 401 }) })))
  refuse() // asked before they sign out, answered after
  depart()
  answer()
  await answered()
  expect(hasEnded()).toBe(false)

  server.answer = () => Promise.reject(new Error('is not asked'))
  refuse()
  await answered()
  expect(hasEnded()).toBe(false)
})
