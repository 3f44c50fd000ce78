import { clientAddress, limitKey } from '../../src/http/clientAddress.ts'

describe('clientAddress', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['2001:db8::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    [undefined, ''],
  ])('%s is %s', (address, expected) => {
    expect(clientAddress(address)).toBe(expected)
  })
})

describe('limitKey', () => {
  test('an IPv4 address stands for itself', () => {
    expect(limitKey('192.0.2.7')).toBe('192.0.2.7')
    expect(limitKey('192.0.2.8')).not.toBe(limitKey('192.0.2.7'))
  })

  test.each([
    ['another interface', '2001:db8:1:2:aaaa:bbbb:cccc:dddd'],
    ['abbreviated', '2001:db8:1:2::1'],
    ['capitals', '2001:DB8:1:2::1'],
    ['leading zeros', '2001:0db8:0001:0002::1'],
  ])('addresses of one /64 are one client: %s', (_case, address) => {
    expect(limitKey(address)).toBe(limitKey('2001:db8:1:2::99'))
  })

  test.each(['2001:db8:1:3::99', '2001:db8::2:0:0:0:99', '::1'])('%s is another client', (address) => {
    expect(limitKey(address)).not.toBe(limitKey('2001:db8:1:2::99'))
  })

  test('abbreviated zeros count: in front, in the middle, at the end', () => {
    expect(limitKey('::1')).toBe('0:0:0:0::/64')
    expect(limitKey('2001:db8::1')).toBe('2001:db8:0:0::/64')
    expect(limitKey('2001:db8:1:2:3:4:5::')).toBe('2001:db8:1:2::/64')
  })
})
