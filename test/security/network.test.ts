import { networkOf } from '../../src/security/network.ts'

describe('networkOf', () => {
  test('an IPv4 address stands for itself', () => {
    expect(networkOf('192.0.2.7')).toBe('192.0.2.7')
    expect(networkOf('192.0.2.8')).not.toBe(networkOf('192.0.2.7'))
  })

  test.each([
    ['another interface', '2001:db8:1:2:aaaa:bbbb:cccc:dddd'],
    ['abbreviated', '2001:db8:1:2::1'],
    ['capitals', '2001:DB8:1:2::1'],
    ['leading zeros', '2001:0db8:0001:0002::1'],
  ])('addresses of one /64 are one client: %s', (_case, address) => {
    expect(networkOf(address)).toBe(networkOf('2001:db8:1:2::99'))
  })

  test.each(['2001:db8:1:3::99', '2001:db8::2:0:0:0:99', '::1'])('%s is another client', (address) => {
    expect(networkOf(address)).not.toBe(networkOf('2001:db8:1:2::99'))
  })

  test('abbreviated zeros count: in front, in the middle, at the end', () => {
    expect(networkOf('::1')).toBe('0:0:0:0::/64')
    expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0::/64')
    expect(networkOf('2001:db8:1:2:3:4:5::')).toBe('2001:db8:1:2::/64')
  })
})
