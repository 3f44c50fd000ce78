import { createHmac, sign, type KeyObject } from 'node:crypto'

export type Signer = (input: string) => Buffer

/** A compact JWS made by hand, so that it can be what no library would make. */
export function forge(header: object | string, claims: object, signer: Signer): string {
  const headerText = typeof header === 'string' ? header : JSON.stringify(header)
  const input = `${encode(headerText)}.${encode(JSON.stringify(claims))}`
  return `${input}.${signer(input).toString('base64url')}`
}

/** Header and claims of a token, unverified. */
export function decode(token: string): { header: Record<string, unknown>; claims: Record<string, unknown> } {
  const [header = {}, claims = {}] = token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>)
  return { header, claims }
}

export const noSignature: Signer = () => Buffer.alloc(0)

export function hmac(secret: string | Buffer, hash = 'sha256'): Signer {
  return (input) => createHmac(hash, secret).update(input).digest()
}

/** With the key's own kind of signature; `hash` for the kinds that have a choice. */
export function signer(key: KeyObject, hash = 'sha256'): Signer {
  const digest = key.asymmetricKeyType === 'ed25519' ? null : hash
  return (input) => sign(digest, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
}

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n // of P-256, SEC 2 section 2.4.2

/** Other spellings of a token with an ES256 signature that a lenient verifier takes for genuine. */
export function respell(token: string): string[] {
  const [header, claims, text = ''] = token.split('.')
  const signature = Buffer.from(text, 'base64url')
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`)
  const mirrored = Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex')
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  // 64 bytes are 85 characters and 2 bits: the other 4 bits of the last character mean nothing.
  const strayBits = text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1) ?? '') ^ 1]
  const spellings = [Buffer.concat([signature.subarray(0, 32), mirrored]).toString('base64url'), `${text}=`, strayBits]
  return spellings.map((spelling) => `${header}.${claims}.${spelling}`)
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url')
}
