import { ConfigError } from '../config.ts'
import { readPepperFile, readSignerKeyFile, type Pepper, type SignerKey } from '../security/hashSecrets.ts'

/** The peppers of the file that the configuration names, if any. A useless file is a `ConfigError`. */
export function openPeppers(file: string | undefined): Pepper[] {
  return file === undefined ? [] : open('PASSWORD_PEPPER_FILE', () => readPepperFile(file))
}

/** The same of the keys that imported Firebase hashes need. */
export function openSignerKeys(file: string | undefined): SignerKey[] {
  return file === undefined ? [] : open('FIREBASE_SIGNER_KEYS_FILE', () => readSignerKeyFile(file))
}

function open<Secrets>(name: string, read: () => Secrets): Secrets {
  try {
    return read()
  } catch (error) {
    throw new ConfigError([{ name, message: (error as Error).message }])
  }
}
