import { existsSync } from 'node:fs'
import { formatKeyFile, parseKeyFile, type FiledKey } from '../security/keyFile.ts'
import { readKeyFolder } from '../security/keyFolder.ts'
import { readKeyFile } from '../security/keyRing.ts'
import { makeKey, nextKey, prune, revoke, rotate } from '../security/keyRotation.ts'
import { acceptedUntil, neededUntil, signingAt, stateAt } from '../security/keyTimeline.ts'
import { importPrivateKey, type KeyPairAlgorithm } from '../security/keys.ts'
import { CommandError } from './runCommand.ts'
import { replaceFile } from './replaceFile.ts'

export interface Command {
  /** JWT_PRIVATE_KEY_FILE */
  file: string
  /** JWT_PUBLIC_KEYS_DIR */
  folder: string | undefined
  /** Of a token, in seconds. */
  lifetime: number
  /** Asked for or configured. */
  algorithm: KeyPairAlgorithm | undefined
  /** Milliseconds since 1970. */
  now: number
}

/** What is done to the keys, and what to tell of it once it is. */
interface Change {
  keys: FiledKey[]
  lines: string[]
}

export async function createKeys({ file, algorithm, now }: Command): Promise<string[]> {
  const key = makeKey(algorithm ?? 'EdDSA', now)
  await replaceFile(file, () => {
    if (existsSync(file)) throw new CommandError(`${file} exists. Use "rotate" to replace its key.`)
    return Promise.resolve(formatKeyFile([key]))
  })
  return [`Made the key ${await nameOf(key)} (${key.algorithm}) in ${file}.`]
}

export function rotateKeys({ file, algorithm, lifetime, now }: Command): Promise<string[]> {
  return change(file, async (keys) => {
    const waiting = nextKey(keys, now)
    if (waiting) {
      throw new CommandError(`The key ${await nameOf(waiting)} is next already, from ${timeText(waiting.notBefore)}.`)
    }
    const signing = signingAt(keys, now)
    if (!signing) throw new CommandError(`${file} has no key.`)
    const made = makeKey(algorithm ?? signing.algorithm, now)
    const rotated = rotate(prune(keys, lifetime, now), made, now)
    const accepted = timeText(acceptedUntil(rotated, signing, lifetime))
    const needed = timeText(neededUntil(rotated, signing, lifetime))
    const [from] = rotated.slice(-1).map(({ notBefore }) => timeText(notBefore))
    const lines = [
      `Made the key ${await nameOf(made)} (${made.algorithm}). It is published now and signs from ${from}.`,
      `The key ${await nameOf(signing)} is accepted until ${accepted}.`,
      `For retries and cursors it is needed until ${needed}. Then remove it: npm run keys -- prune`,
    ]
    return { keys: rotated, lines }
  })
}

export function pruneKeys({ file, lifetime, now }: Command): Promise<string[]> {
  return change(file, async (keys) => {
    const kept = prune(keys, lifetime, now)
    const removed = await Promise.all(keys.filter((key) => !kept.includes(key)).map(nameOf))
    const lines = removed.map((kid) => `Removed the key ${kid}.`)
    return { keys: kept, lines: lines.length > 0 ? lines : ['Every key is needed.'] }
  })
}

export function revokeKey({ file, folder, now }: Command, kid: string): Promise<string[]> {
  return change(file, async (keys) => {
    const names = await Promise.all(keys.map(nameOf))
    const revoked = keys[names.indexOf(kid)]
    if (!revoked) throw new CommandError('Name a key of JWT_PRIVATE_KEY_FILE, as "list" shows them.')
    const remaining = revoke(keys, revoked, now)
    const signing = signingAt(remaining, now)
    const copies = (await readFolder(folder)).filter((copy) => copy.kid === kid)
    const lines = [
      `Removed the key ${kid}. Send the instances SIGHUP: until then its tokens are accepted.`,
      ...(signing ? [`The key ${await nameOf(signing)} signs.`] : []),
      ...copies.map(() => 'JWT_PUBLIC_KEYS_DIR has it as well: remove it there, too.'),
    ]
    return { keys: remaining, lines }
  })
}

export async function listKeys({ file, folder, lifetime, now }: Command): Promise<string[]> {
  const keys = parseKeyFile(await readKeyFile(file))
  const filed = keys.map(async (key) => {
    const times = [
      key.notBefore === 0 ? '' : `signs from ${timeText(key.notBefore)}`,
      endText('accepted', acceptedUntil(keys, key, lifetime)),
      endText('needed', neededUntil(keys, key, lifetime)),
    ]
    return line(await nameOf(key), key.algorithm, stateAt(keys, key, lifetime, now), ...times)
  })
  const copies = (await readFolder(folder)).map(({ kid, algorithm }) => line(kid, algorithm, 'public'))
  return [...(await Promise.all(filed)), ...copies]
}

function change(file: string, act: (keys: FiledKey[]) => Promise<Change>): Promise<string[]> {
  let lines: string[] = []
  return replaceFile(file, async () => {
    const changed = await act(parseKeyFile(await readKeyFile(file)))
    lines = changed.lines
    return formatKeyFile(changed.keys)
  }).then(() => lines)
}

function readFolder(folder: string | undefined) {
  return folder === undefined ? Promise.resolve([]) : readKeyFolder(folder)
}

function line(kid: string, algorithm: string, state: string, ...times: string[]): string {
  return [kid, algorithm.padEnd(5), state.padEnd(7), ...times.filter((time) => time !== '')].join('  ').trimEnd()
}

function endText(what: string, end: number): string {
  return end === Infinity ? '' : `${what} until ${timeText(end)}`
}

async function nameOf({ key, algorithm }: FiledKey): Promise<string> {
  return (await importPrivateKey(key, algorithm)).kid
}

function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z')
}
