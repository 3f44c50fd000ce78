import { clientAddress } from '../../src/http/clientAddress.ts'

const socket = '198.51.100.1'

describe('clientAddress', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['2001:db8::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['203.0.113.7:51234', '203.0.113.7'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
  ])('%s is %s', (address, expected) => {
    expect(clientAddress(address, socket)).toBe(expected)
  })

  test.each(['unknown', '_hidden', '', '999.1.1.1', "1.1.1.1'; --", undefined])(
    '%s is no address: the socket counts',
    (address) => {
      expect(clientAddress(address, socket)).toBe(socket)
    },
  )

  test('a connection that is gone has none', () => {
    expect(clientAddress(undefined, undefined)).toBe('')
  })
})
