import { freshBytes } from '../../src/security/freshBytes.ts'

test('gives each byte once: what was given out stays as it is, and comes no second time', () => {
  const given = Array.from({ length: 1000 }, (_, n) => freshBytes(n % 2 === 0 ? 32 : 12))
  const before = given.map((bytes) => bytes.toString('hex'))
  for (let n = 0; n < 1000; n += 1) freshBytes(44)
  expect(given.map((bytes) => bytes.toString('hex'))).toEqual(before)
  expect(new Set(before).size).toBe(1000)
  expect(given.map(({ length }) => length)).toEqual(given.map((_, n) => (n % 2 === 0 ? 32 : 12)))
  // Bytes of chance: 22,000 of them have a mean of 127.5 ± 0.5 (a standard deviation of 73.9 each); six of these.
  const all = Buffer.concat(given)
  expect(Math.abs(all.reduce((sum, byte) => sum + byte, 0) / all.length - 127.5)).toBeLessThan(3)
})
