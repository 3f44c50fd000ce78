import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ConfigError, type Config } from '../config.ts'
import { makeOnce } from '../security/keptSecret.ts'
import { systemCode } from '../security/keyFault.ts'
import type { KeyRing } from '../security/keyRing.ts'
import { createSealKeyPem, readSealKey, sealKeyFrom, type SealKey } from '../security/sealKey.ts'

export interface OpenedSealKey {
  key: SealKey
  /** What else may have signed: those derived from the signing secrets, of now and before. */
  derived: SealKey[]
  isDerived: boolean
}

/**
 * The key that signs seals: of AUDIT_SEAL_KEY_FILE, else the one that is kept in DATA_DIR (a `ConfigError`
 * where either is useless), else, where nothing can be kept, one derived from what signs access tokens.
 */
export async function openSealKey({ app, audit }: Config, keys: KeyRing): Promise<OpenedSealKey> {
  const derived = keys.derive('audit seals').map((key) => sealKeyFrom(key.export()))
  const key = audit.sealKeyFile === undefined ? await readKept(app.dataDir) : await readConfigured(audit.sealKeyFile)
  return { key: key ?? derived[0]!, derived, isDerived: key === undefined }
}

/**
 * The key of a service that runs. One that was read in DATA_DIR stays, whatever becomes of the folder: where it was away
 * for a moment, another key would be made, or derived, and nobody would know the one that signed meanwhile.
 */
export function rememberSealKey(config: Config, keys: KeyRing): () => Promise<OpenedSealKey> {
  let kept: OpenedSealKey | undefined
  return async () => {
    const opened = kept ?? (await openSealKey(config, keys))
    if (config.audit.sealKeyFile === undefined && !opened.isDerived) kept = opened
    return opened
  }
}

async function readConfigured(file: string): Promise<SealKey> {
  const refuse = (message: string) => new ConfigError([{ name: 'AUDIT_SEAL_KEY_FILE', message }])
  const pem = await readFile(file, 'utf8').catch((error: unknown) => {
    throw refuse(`cannot be read (${systemCode(error)})`)
  })
  const key = readSealKey(pem)
  if (!key) throw refuse('has no Ed25519 key without a passphrase (make one with "openssl genpkey -algorithm ed25519")')
  return key
}

/** Undefined where there is none and none can be kept. */
async function readKept(dataDir: string): Promise<SealKey | undefined> {
  const file = join(dataDir, 'audit-seal-key.pem')
  const refuse = (message: string) => new ConfigError([{ name: 'DATA_DIR', message }])
  const read = () =>
    readFile(file, 'utf8').catch((error: unknown) => {
      const code = systemCode(error)
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
      throw refuse(`has a key in it, ${basename(file)}, that cannot be read (${code})`)
    })
  const pem = (await read()) ?? (await makeOnce(file, createSealKeyPem()).then(read, () => undefined))
  if (pem === undefined) return undefined
  const key = readSealKey(pem)
  if (key) return key
  throw refuse(
    `has a damaged key in it, ${basename(file)}: put it back from a backup, or delete it and another is made`,
  )
}
