import { expect, test } from 'vitest'
import { password, until } from './center'
import { House } from './house'

const house = new House()

// The server puts the pop on the agent's stream and then sends the INVITE (acd/floor tests that). What is shown here is that
// the page needs nothing more: the phone has its INVITE, but rings only after the test has seen the whole pop.
test('the pop is on the page before the phone rings', async () => {
  const { phones } = house.center
  await phones.tell(`register 1001 ${password}`)
  await phones.tell('silence 1001')
  const desk = await house.enter('1001')
  const board = await house.enter('sup')
  await desk.page.locator('.own.state-available').waitFor()

  const reads = async () => {
    await desk.page.locator('.pop-head.state-offered').getByText('刘洋').waitFor()
    await desk.page.locator('.pop-head').getByText('VIP').waitFor()
    await desk.page.locator('.pop-part li').first().waitFor()
  }
  await Promise.all([reads(), house.center.call('13800000004')])
  const entries = async () => {
    const calls = await board.page.evaluate(async () => (await fetch('/api/v1/calls?number=13800000004')).json())
    const { timeline } = await board.page.evaluate(async (id) => (await fetch(`/api/v1/calls/${id}`)).json(), calls.calls[0].id)
    return (timeline as { kind: string }[]).map((e) => e.kind)
  }
  const before = await entries()
  expect(before).toContain('offer.made')
  expect(before).not.toContain('offer.ringing')
  await phones.tell('ring 1001')
  await until(async () => (await entries()).includes('offer.ringing')) // else the 200 may overtake the 180
  await phones.tell('answer 1001')
  await desk.page.locator('.pop-head.state-talking').waitFor()
  await phones.tell('hangup 13800000004')
})
