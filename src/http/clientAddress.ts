/** An address in one spelling: an IPv4 address mapped into IPv6 is the IPv4 address it stands for. */
export function clientAddress(address: string | undefined): string {
  const plain = (address ?? '').replace(/%.*$/, '')
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1] ?? plain
}
