import { createHash } from 'node:crypto'

export interface ShaCryptInput {
  digest: 'sha256' | 'sha512'
  rounds: number
  salt: string
  password: string
}

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * Unix crypt using SHA-256 and SHA-512, version 0.6 (U. Drepper); the step numbers are those of its section
 * "Algorithm". Blocks the calling thread: 5,000 rounds take some 10 ms, 1,000,000 some seconds.
 */
export function shaCryptDigest(input: ShaCryptInput): string {
  const digest = (...parts: Uint8Array[]): Buffer => {
    const hash = createHash(input.digest)
    for (const part of parts) hash.update(part)
    return hash.digest()
  }
  const password = Buffer.from(input.password)
  const salt = Buffer.from(input.salt)
  // Fewer than 1,000 rounds are done as 1,000.
  const rounds = Math.max(1000, input.rounds)

  const alternate = digest(password, salt, password) // 4–8
  const lengthBits = [...password.length.toString(2)].reverse().map((bit) => (bit === '1' ? alternate : password))
  const initial = digest(password, salt, repeatTo(alternate, password.length), ...lengthBits) // 1–12
  const p = repeatTo(digest(...times(password.length, password)), password.length) // 13–16
  const s = repeatTo(digest(...times(16 + (initial[0] ?? 0), salt)), salt.length) // 17–20

  let state = initial
  for (let round = 0; round < rounds; round++) {
    // 21
    const odd = round % 2 === 1
    const hash = createHash(input.digest).update(odd ? p : state)
    if (round % 3 !== 0) hash.update(s)
    if (round % 7 !== 0) hash.update(p)
    state = hash.update(odd ? state : p).digest()
  }
  return encode(state) // 22
}

function times(count: number, bytes: Buffer): Buffer[] {
  return Array.from({ length: count }, () => bytes)
}

function repeatTo(bytes: Buffer, length: number): Buffer {
  return length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, bytes)
}

/** The specification lists the byte order in full; each group of three is the one before, turned by one and plus one. */
function encode(state: Buffer): string {
  const third = Math.floor(state.length / 3)
  let [a, b, c] = [0, third, 2 * third]
  let text = ''
  for (let group = 0; group < third; group++) {
    text += encodeGroup([state[a], state[b], state[c]], 4)
    ;[a, b, c] = state.length === 64 ? [b + 1, c + 1, a + 1] : [c + 1, a + 1, b + 1]
  }
  return text + (state.length === 64 ? encodeGroup([0, 0, state[63]], 2) : encodeGroup([0, state[31], state[30]], 3))
}

/** 24 bits, least significant six first. */
function encodeGroup([high = 0, middle = 0, low = 0]: (number | undefined)[], length: number): string {
  const bits = (high << 16) | (middle << 8) | low
  return Array.from({ length }, (_, index) => alphabet[(bits >> (6 * index)) & 63]).join('')
}
