import { createCipheriv } from 'node:crypto'
import { decodeBase64, equalBytes, type PasswordFormat } from './passwordFormat.ts'
import { deriveScrypt, scryptCost } from './scrypt.ts'
import { parsePhcString } from './phcString.ts'

/** The signer keys of Firebase projects, by an id of our choosing. */
export type SignerKeys = ReadonlyMap<string, Buffer>

/**
 * Firebase Authentication's variant of scrypt: the derived key encrypts the project's signer key. Written as
 *
 *   `$firebase-scrypt$ln=14,r=8,ss=Bw==,kid=<id>$<salt>$<hash>`
 *
 * `ln` is the export's mem_cost, `r` its rounds, `ss` its base64_salt_separator, `kid` names a key of the configured
 * ring; salt and hash are base64 with the standard alphabet. In place of `kid`, `sk=<base64_signer_key>` carries the
 * key along. The layout other servers import (`$fbscrypt$v=1,n=14,r=8,p=1,ss=…,sk=…$…$…`) is read as well.
 */
export function firebaseScryptFormat(signerKeys: SignerKeys): PasswordFormat {
  return (storedHash) => {
    const phc = parsePhcString(storedHash, ['v', 'ln', 'n', 'r', 'p', 'ss', 'sk', 'kid'])
    if (!phc) return undefined
    const { parameters, salt, hash } = phc
    const cost = scryptCost(
      parameters.get('ln') ?? parameters.get('n'),
      parameters.get('r'),
      parameters.get('p') ?? '1',
    )
    const separator = decodeBase64(parameters.get('ss') ?? '')
    const carriedKey = parameters.get('sk')
    const key = carriedKey === undefined ? signerKeys.get(parameters.get('kid') ?? '') : decodeBase64(carriedKey)
    if (!cost || !separator || !key || key.length < 16 || (parameters.get('v') ?? '1') !== '1') return undefined

    return async (password) => {
      const derived = await deriveScrypt(password, Buffer.concat([salt, separator]), 32, cost)
      const cipher = createCipheriv('aes-256-ctr', derived, Buffer.alloc(16))
      return equalBytes(Buffer.concat([cipher.update(key), cipher.final()]), hash)
    }
  }
}
