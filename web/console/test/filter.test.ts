import { expect, test } from 'vitest'
import { callerOf, format, parse } from '../src/calls/filter'
import { written } from '../src/shell/number'

test('a filter survives its address', () => {
  const filter = { number: '+86 138-0000 0001', agent: '1001', queue: 'sales', outcome: 'abandoned', from: '2026-11-01', to: '2026-11-30' } as const
  expect(parse(format(filter))).toEqual(filter)
  expect(format({})).toBe('')
})

test('what makes no sense in an address is left out', () => {
  expect(parse('outcome=lost&from=yesterday&to=2026-13-45&number=%20&x=1')).toEqual({})
})

test('what is written is a number or a name', () => {
  expect(callerOf(' 138 0000-0001 ')).toEqual({ number: '138 0000-0001' })
  expect(callerOf('张伟')).toEqual({ name: '张伟' })
  expect(callerOf('Anna 2')).toEqual({ name: 'Anna 2' })
  expect(callerOf('  ')).toEqual({})
})

test.each([
  ['+8613800000001', '138 0000 0001'], ['+861055500101', '010-5550 0101'], ['+862155500101', '021-5550 0101'], ['+8675555500101', '0755-5550 0101'],
  ['4008001234', '400-800-1234'], ['95588', '95588'], ['1001', '1001'], ['+442079460000', '+442079460000'], ['anonymous', 'anonymous'],
])('%s is written %s', (filed, shown) => expect(written(filed)).toBe(shown))
