import { scrypt, type ScryptOptions } from 'node:crypto'
import { boundedInteger, equalBytes, type PasswordCheck } from './passwordFormat.ts'
import { parsePhcString } from './phcString.ts'

const maximumMemory = 64 * 1024 * 1024
/** Four passes over the largest memory, in units of N × r × p. */
const maximumWork = 2 ** 21

export interface ScryptCost {
  N: number
  r: number
  p: number
}

/**
 * N, r and p, `ln` being the binary logarithm of N; `undefined` beyond 64 MiB (RFC 7914 section 6: 128 × N × r bytes) and
 * where N is not below 2^(16 × r) (section 2), which OpenSSL refuses to compute.
 */
export function scryptCost(ln?: string, blockSize?: string, parallelism?: string): ScryptCost | undefined {
  const exponent = boundedInteger(ln, 1, 20)
  const r = boundedInteger(blockSize, 1, 64)
  const p = boundedInteger(parallelism, 1, 64)
  if (!exponent || !r || !p || exponent >= 16 * r) return undefined
  const N = 2 ** exponent
  return 128 * N * r <= maximumMemory && N * r * p <= maximumWork ? { N, r, p } : undefined
}

export function deriveScrypt(password: string, salt: Buffer, length: number, cost: ScryptCost): Promise<Buffer> {
  // OpenSSL counts a little more than 128 × N × r.
  const options: ScryptOptions = { ...cost, maxmem: 2 * maximumMemory }
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

/** `$scrypt$ln=16,r=8,p=1$salt$hash`, as Passlib and others write it. */
export function scryptFormat(storedHash: string): PasswordCheck | undefined {
  const phc = parsePhcString(storedHash, ['ln', 'r', 'p'])
  if (!phc) return undefined
  const { parameters, salt, hash } = phc
  const cost = scryptCost(parameters.get('ln'), parameters.get('r'), parameters.get('p'))
  if (!cost || phc.version !== undefined || hash.length < 16 || hash.length > 128) return undefined
  return async (password) => equalBytes(await deriveScrypt(password, salt, hash.length, cost), hash)
}
