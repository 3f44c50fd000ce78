import { createPublicKey, type KeyObject } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KeyFault, systemCode } from './keyFault.ts'
import { acceptedKinds, algorithmOf, importPublicKey, type PublicKey } from './keys.ts'
import { keyBlocks } from './pemBlocks.ts'

/**
 * Reads the public keys of `JWT_PUBLIC_KEYS_DIR`: each file whose name ends in `.pem`, one or more keys in PEM. There are
 * no times here: a key counts as long as its file is there. Throws a `KeyFault` that names the file.
 */
export async function readKeyFolder(folder: string): Promise<PublicKey[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw fault(`cannot be read (${systemCode(error)})`)
  })
  const files = names.filter((name) => name.endsWith('.pem') && !name.startsWith('.')).sort()
  return (await Promise.all(files.map((name) => readFolderFile(folder, name)))).flat()
}

async function readFolderFile(folder: string, name: string): Promise<PublicKey[]> {
  const text = await readFile(join(folder, name), 'utf8').catch((error: unknown) => {
    throw fault(`has a file ${name} that cannot be read (${systemCode(error)})`)
  })
  const blocks = keyBlocks(text)
  if (!blocks?.length) throw fault(`has a file ${name} without a whole public key`)
  return Promise.all(blocks.map(({ pem }) => readKey(pem, name)))
}

function readKey(pem: string, name: string): Promise<PublicKey> {
  // Node would make a public key of a private one without a word.
  if (pem.includes('PRIVATE')) throw fault(`has a private key in ${name}: it may hold public keys only`)
  const key = parse(pem, name)
  const algorithm = algorithmOf(key)
  if (!algorithm) throw fault(`has a key in ${name} of another kind than ${acceptedKinds}`)
  return importPublicKey(key, algorithm)
}

function parse(pem: string, name: string): KeyObject {
  try {
    return createPublicKey(pem)
  } catch {
    throw fault(`has a file ${name} without a whole public key`)
  }
}

function fault(phrase: string): KeyFault {
  return new KeyFault('JWT_PUBLIC_KEYS_DIR', phrase)
}
