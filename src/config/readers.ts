import { isIP } from 'node:net'

/** Why a value is refused: a phrase that follows the variable's name and never contains the value. */
export class Refused extends Error {}

/** From the text of a variable to its value. */
export type Reader<Value> = (text: string) => Value

/** Plain decimal digits alone: `0x10`, `1e3`, `5.0` and `010` mean different numbers to different readers. */
export function integer(min: number, max: number): Reader<number> {
  return (text) => {
    const value = /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : NaN
    if (value >= min && value <= max) return value
    throw new Refused(`must be a whole number from ${min} to ${max}`)
  }
}

export function oneOf<const Choice extends string>(...choices: Choice[]): Reader<Choice> {
  return (text) => {
    const choice = choices.find((each) => each === text)
    if (choice !== undefined) return choice
    throw new Refused(`must be ${choices.join(' or ')}`)
  }
}

export function matching(pattern: RegExp, what: string): Reader<string> {
  return (text) => {
    if (pattern.test(text)) return text
    throw new Refused(`must be ${what}`)
  }
}

/** Empty is unset, and unset is undefined. */
export function optional<Value>(reader: Reader<Value>): Reader<Value | undefined> {
  return (text) => (text === '' ? undefined : reader(text))
}

/** The word `off` is undefined. */
export function unlessOff<Value>(reader: Reader<Value>): Reader<Value | undefined> {
  return (text) => (text === 'off' ? undefined : reader(text))
}

export function list<Value>(reader: Reader<Value>): Reader<readonly Value[]> {
  return (text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
      .map(reader)
}

export function flag(text: string): boolean {
  return oneOf('true', 'false')(text.toLowerCase()) === 'true'
}

/** Pino's levels, in any case; WARNING is what other loggers call `warn`. */
export function logLevel(text: string) {
  const levels = oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent')
  return levels(text.toLowerCase().replace(/^warning$/, 'warn'))
}

/** At least 32 bytes (RFC 7518 section 3.2 for HS256), and fit to become an item of a list when it is rotated. */
export function secret(text: string): string {
  if (Buffer.byteLength(text) < 32) throw new Refused('must have at least 32 bytes')
  if (text.includes(',') || text.trim() !== text)
    throw new Refused('must not contain a comma, nor begin or end with a space')
  return text
}

export function databaseUrl(text: string): string {
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text) && !/%(?![0-9a-f]{2})/i.test(text)) return text
  throw new Refused('must be a postgresql:// URL, with special characters in the password percent-encoded')
}

export function redisUrl(text: string): string {
  const url = /^rediss?:\/\//.test(text) && URL.canParse(text) ? new URL(text) : undefined
  const isGood = url?.hostname && /^(\/\d{0,5})?$/.test(url.pathname) && url.search + url.hash === ''
  if (isGood && !/%(?![0-9a-f]{2})/i.test(text)) return text
  throw new Refused('must be a redis:// or rediss:// URL, with special characters in the password percent-encoded')
}

/** The form in which browsers send an origin, so that comparing text is enough (RFC 6454 section 6.2). */
function origin(text: string): string {
  if (/^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text) return text
  throw new Refused('must list exact origins such as https://example.com, without path, final slash or default port')
}

export function origins(text: string): '*' | readonly string[] {
  return text === '*' ? text : list(origin)(text)
}

/** As in a `Host` field, without the port. */
export function allowedHost(text: string): string {
  if (/^(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})$/.test(text)) return text
  throw new Refused('must list host names in lower case, without scheme and port')
}

export function publicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol) && url.origin + url.pathname.replace(/\/$/, '') === text) return text
  throw new Refused('must be an http or https URL without final slash, user, query or fragment')
}

/** An address, a subnet or one of Express's names for several. A subnet of zero bits is everyone, which is `true`. */
function proxy(text: string): string {
  if (/^(loopback|linklocal|uniquelocal)$/.test(text)) return text
  const [address, bits] = text.split(/\/(?=[1-9]\d{0,2}$)/)
  const version = isIP(address ?? '')
  if (version !== 0 && Number(bits ?? 1) <= (version === 6 ? 128 : 32)) return text
  throw new Refused('must be a number of proxies, or list addresses, subnets, loopback, linklocal or uniquelocal')
}

/** As Express's `trust proxy` takes it. */
export function trustProxy(text: string): boolean | number | readonly string[] {
  if (/^\d+$/.test(text)) return integer(0, 32)(text)
  return /^(true|false)$/i.test(text) ? flag(text) : list(proxy)(text)
}

export function smtpUrl(text: string): string {
  const isGood = URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol) && new URL(text).hostname !== ''
  if (!isGood) throw new Refused('must be a URL such as smtp://user:password@host:587')
  return text
}
