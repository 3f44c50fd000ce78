import { createExpiringMap } from '../../src/security/expiringMap.ts'

const inAMinute = () => Date.now() + 60_000

test('a value is there until it expires', () => {
  const map = createExpiringMap<string>(2)
  map.set('a', 'kept', inAMinute())
  map.set('b', 'late', Date.now())
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual(['kept', undefined, undefined])
})

test('beyond its capacity the first one goes', () => {
  const map = createExpiringMap<number>(2)
  for (const [index, key] of ['a', 'b', 'c'].entries()) map.set(key, index, inAMinute())
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([undefined, 1, 2])
})
