import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KeyPairAlgorithm } from '../../src/security/keys.ts'

export interface KeyFolder {
  path: string
  /** Writes a file into the folder and answers its path. */
  write(name: string, text: string): string
  remove(): void
}

export function createKeyFolder(): KeyFolder {
  const path = mkdtempSync(join(tmpdir(), 'user-management-keys-'))
  return {
    path,
    write(name, text) {
      writeFileSync(join(path, name), text)
      return join(path, name)
    },
    remove: () => rmSync(path, { recursive: true }),
  }
}

export function newKey(algorithm: KeyPairAlgorithm): KeyObject {
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519').privateKey
  if (algorithm === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
}

export function privatePem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string
}

export function publicPem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }) as string
}

/** An environment in which this file signs, for `startApi`. */
export function signedBy(file: string): Record<string, string> {
  return { JWT_SECRET: '', JWT_PRIVATE_KEY_FILE: file }
}
