import { readSecretFile, type NamedSecret } from './secretFile.ts'

/** Added to every password before hashing. */
export type Pepper = NamedSecret

/** The key that a Firebase project's hashes were made with (`base64_signer_key` of its export). */
export type SignerKey = NamedSecret

/**
 * The current pepper first. To rotate, put the new one on top and keep the old one until no hash names it. Eight bytes
 * are what an Argon2 hash string has room for as the id.
 */
export function readPepperFile(path: string): Pepper[] {
  return readSecretFile(path, { name: 'pepper', longestId: 8 })
}

/** In any order: hashes name theirs, and none is made with them. */
export function readSignerKeyFile(path: string): SignerKey[] {
  return readSecretFile(path, { name: 'signer key', longestId: 64 })
}
