import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { deriveKey } from './deriveKey.ts'
import { KeyFault, systemCode } from './keyFault.ts'
import { parseKeyFile, type FiledKey } from './keyFile.ts'
import { readKeyFolder } from './keyFolder.ts'
import { acceptedUntil, neededUntil, signingAt, type Timed } from './keyTimeline.ts'
import {
  importPrivateKey,
  importSecret,
  type Algorithm,
  type PublicJwk,
  type PublicKey,
  type SigningKey,
  type VerificationKey,
} from './keys.ts'

export interface KeySettings {
  /** Signs where there is no `privateKeyFile`. */
  secret: string | undefined
  /** Secrets that no longer sign but still verify, so that a rotation signs nobody out. */
  previousSecrets: readonly string[]
  privateKeyFile: string | undefined
  publicKeysDir: string | undefined
  /** Where set, the private keys must be of this algorithm. */
  algorithm: Algorithm | undefined
  /** Of a token, in seconds. */
  lifetime: number
}

/** The keys of the moment. Ask anew each time: they change with the time and with the files. */
export interface KeyRing {
  signingKey(): SigningKey
  /** The key of exactly this name, as long as its tokens are accepted. */
  find(kid: string): VerificationKey | undefined
  /** The public keys, those that will sign soon among them. Secrets have none. */
  published(): PublicJwk[]
  /**
   * Keys for another purpose, one for each signing key: make things with the first, accept those of all. A key has its
   * part in this for longer than its tokens are accepted.
   */
  derive(purpose: string): [KeyObject, ...KeyObject[]]
  /** Reads the files anew. Answers whether anything changed; throws a `KeyFault` and keeps the keys it has. */
  reread(): Promise<boolean>
  /** Whether the last reading went well; where it did not, the keys are those of before. */
  isCurrent(): boolean
}

interface Keys {
  /** Of the private key file, in the order of their start. */
  filed: (SigningKey & PublicKey & Timed)[]
  folder: PublicKey[]
}

/** Throws a `KeyFault` where a file is missing or cannot be used. */
export async function openKeyRing(settings: KeySettings): Promise<KeyRing> {
  const { secret, previousSecrets, lifetime } = settings
  const current = secret === undefined ? undefined : await importSecret(secret)
  const previous = await Promise.all(previousSecrets.map(importSecret))
  const secrets = current ? [current, ...previous] : previous
  let keys = await readKeys(settings)
  let reading: Promise<unknown> = Promise.resolve()
  let isCurrent = true

  const until = (end: typeof acceptedUntil) => keys.filed.filter((key) => end(keys.filed, key, lifetime) > Date.now())
  const accepted = () => until(acceptedUntil)

  function signingKey(): SigningKey {
    const key = signingAt(keys.filed, Date.now()) ?? current
    if (!key) throw new TypeError('a secret or a private key is needed')
    return key
  }

  async function reread(): Promise<boolean> {
    const before = names(keys)
    keys = await readKeys(settings)
    return names(keys) !== before
  }

  return {
    signingKey,
    find: (kid) => [...accepted(), ...keys.folder, ...secrets].find((key) => key.kid === kid),
    published: () => [...new Map([...accepted(), ...keys.folder].map(({ kid, jwk }) => [kid, jwk])).values()],
    derive(purpose) {
      const first = signingKey()
      const others = [...until(neededUntil), ...secrets].filter((key) => key !== first)
      return [deriveKey(first.seed, purpose), ...others.map(({ seed }) => deriveKey(seed, purpose))]
    },
    reread() {
      // One after the other, or a slow older reading could undo a newer one.
      const answer = reading.then(reread)
      reading = answer.then(
        () => (isCurrent = true),
        () => (isCurrent = false),
      )
      return answer
    },
    isCurrent: () => isCurrent,
  }
}

async function readKeys({ privateKeyFile, publicKeysDir, algorithm }: KeySettings): Promise<Keys> {
  // The file first: a key that leaves it for the folder is there by the time the folder is read.
  const filed = privateKeyFile === undefined ? [] : parseKeyFile(await readKeyFile(privateKeyFile))
  if (algorithm && filed.some((key) => key.algorithm !== algorithm)) {
    throw new KeyFault('JWT_ALGORITHM', 'is not that of every key of JWT_PRIVATE_KEY_FILE')
  }
  return {
    filed: await Promise.all(filed.map(importFiledKey)),
    folder: publicKeysDir === undefined ? [] : await readKeyFolder(publicKeysDir),
  }
}

async function importFiledKey({ key, algorithm, notBefore }: FiledKey): Promise<Keys['filed'][number]> {
  return { ...(await importPrivateKey(key, algorithm)), notBefore }
}

/** The text of `JWT_PRIVATE_KEY_FILE`; throws a `KeyFault`. */
export async function readKeyFile(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new KeyFault('JWT_PRIVATE_KEY_FILE', `cannot be read (${systemCode(error)})`)
  })
}

function names({ filed, folder }: Keys): string {
  return JSON.stringify([filed.map(({ kid, notBefore }) => [kid, notBefore]), folder.map(({ kid }) => kid)])
}
