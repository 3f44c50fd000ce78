import { ConfigError, type Config } from '../config.ts'
import { KeyFault } from '../security/keyFault.ts'
import { openKeyRing, type KeyRing } from '../security/keyRing.ts'
import { readKeptSecret } from '../security/keptSecret.ts'

/** The keys the configuration names. A file that is missing or useless is a `ConfigError`, as if the variable were. */
export async function openKeys({ app, tokens }: Config): Promise<KeyRing> {
  const isSecretNeeded = tokens.secret === undefined && tokens.privateKeyFile === undefined
  const secret = isSecretNeeded ? await readKeptSecret(app.dataDir) : tokens.secret
  return openKeyRing({ ...tokens, secret, lifetime: tokens.accessMinutes * 60 }).catch(refuseConfig)
}

/** Turns what is wrong with a key file into what is wrong with the configuration; throws whatever it is given. */
export function refuseConfig(error: unknown): never {
  throw error instanceof KeyFault ? new ConfigError([{ name: error.variable, message: error.phrase }]) : error
}
