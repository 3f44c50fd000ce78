import { isIP } from 'node:net'

/**
 * The client's address in one spelling: without brackets, port or zone, and an IPv4 address mapped into IPv6 as the IPv4
 * address it stands for. `forwarded` is what the proxies in front say, which may be anything; where it is no address, that
 * of the `socket` counts. Empty where the connection is gone already.
 */
export function clientAddress(forwarded: string | undefined, socket: string | undefined): string {
  return [forwarded, socket].map(plainAddress).find((address) => address !== undefined) ?? ''
}

function plainAddress(text = ''): string | undefined {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
  const unzoned = bare.replace(/%.*$/, '')
  const address = /^::ffff:([\d.]+)$/i.exec(unzoned)?.[1] ?? unzoned
  return isIP(address) > 0 ? address : undefined
}
