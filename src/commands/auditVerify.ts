// `npm run audit:verify`: holds every event against its seal, every seal against the chain and the key, the chain
// against heads kept outside. Exits 0, or 1 and names whatever was changed, moved, removed, added, replaced or cut off.
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Config } from '../config.ts'
import { connect, type Db } from '../db/database.ts'
import { findFirstSeal } from '../queries/auditSeals.ts'
import { publicKeyPem, readSealVerifiers, type SealVerifier } from '../security/sealKey.ts'
import { openKeys } from '../startup/openKeys.ts'
import { openSealKey } from '../startup/openSealKey.ts'
import { checkEvents } from './checkEvents.ts'
import { checkEnd, checkLoose } from './checkLoose.ts'
import { checkSeals } from './checkSeals.ts'
import { openDatabase } from './openDatabase.ts'
import { CommandError, loadConfig, runCommand } from './runCommand.ts'
import { noHeads, readHeads } from './sealHeads.ts'
import { startProgress } from './verifyProgress.ts'

const help = `Usage: npm run audit:verify -- [options]

  --since NUMBER|TIME   begins with this seal, or the first one of that time on (2030-01-31T12:00:00Z)
  --heads FILE          a log of the service that was kept elsewhere: finds seals that were replaced or cut off
  --public-key FILE     the public keys (PEM) whose seals count, in place of the key of this configuration
  --show-public-key     prints the public key of this configuration and does nothing else

Exits 0 where all is as it was written, 1 with a line for each finding, 78 where the configuration is refused.`

interface Options {
  since?: string
  heads?: string
  'public-key'?: string
  'show-public-key'?: boolean
}

await runCommand(async () => {
  const options = readOptions(process.argv.slice(2))
  const config = loadConfig()
  if (options['show-public-key']) {
    const [key] = await ownKeys(config)
    process.stdout.write(publicKeyPem(key!.publicKey))
    return
  }
  const keys = options['public-key'] === undefined ? await ownKeys(config) : await readKeys(options['public-key'])
  const heads = options.heads === undefined ? noHeads : await readHeads(options.heads)
  const { url, close } = await openDatabase(config)
  const { db, pool } = connect(url, { applicationName: 'audit:verify', poolSize: 2 })
  try {
    await verify(db, { keys, heads, since: options.since, periodSeconds: config.audit.sealSeconds })
  } finally {
    await pool.end()
    await close()
  }
})

async function verify(
  db: Db,
  check: {
    keys: SealVerifier[]
    heads: typeof noHeads
    since: string | undefined
    periodSeconds: number
  },
): Promise<void> {
  let findings = 0
  const progress = startProgress(process.stderr)
  const report = (finding: string): void => {
    findings += 1
    progress.end()
    console.log(finding)
  }
  const fromNumber = check.since === undefined ? 1n : await findStart(db, check.since)
  const range = await checkSeals(db, { ...check, fromNumber }, report)
  const [start, end] = [range.before?.settled_seq, range.last?.highest_seq].map((seq) => Number(seq ?? 0))
  const events = await checkEvents(db, range, report, (seq, checked) =>
    progress.show(Math.min(1, (Number(seq) - start!) / Math.max(1, end! - start!)), checked),
  )
  const waiting = await checkLoose(db, events, { ...range, periodSeconds: check.periodSeconds }, report)
  await checkEnd(db, report)
  progress.end()
  const seals = range.last ? `seals ${fromNumber} to ${range.last.number}` : 'no seals'
  console.log(
    `${events.checked} events, ${seals}, ${waiting} waiting to be sealed: ${findings || 'no'} ${findings === 1 ? 'finding' : 'findings'}.`,
  )
  if (range.last) console.log(`The newest seal: ${range.last.number} ${range.last.hash.toString('hex')}`)
  if (findings > 0) process.exitCode = 1
}

async function findStart(db: Db, since: string): Promise<bigint> {
  const isNumber = /^\d{1,18}$/.test(since)
  const start = await findFirstSeal(db, isNumber ? { number: since } : { time: since })
  if (start === undefined) throw new CommandError(`There is no seal since ${since}.`)
  return BigInt(start)
}

function readOptions(args: string[]): Options {
  try {
    const { values } = parseArgs({
      args,
      options: {
        since: { type: 'string' },
        heads: { type: 'string' },
        'public-key': { type: 'string' },
        'show-public-key': { type: 'boolean' },
      },
    })
    const isSince = /^(\d{1,18}|\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d))?)$/.test(
      values.since ?? '0',
    )
    if (isSince) return values
  } catch {
    // The usage says what was wrong.
  }
  throw new CommandError(help)
}

/** The key of the configuration, and those of a time when there was no file to keep one in. */
async function ownKeys(config: Config): Promise<SealVerifier[]> {
  const { key, derived } = await openSealKey(config, await openKeys(config))
  return [key, ...derived]
}

async function readKeys(file: string): Promise<SealVerifier[]> {
  const pem = await readFile(file, 'utf8').catch(() => '')
  const keys = readSealVerifiers(pem)
  if (!keys) throw new CommandError(`${file} has no public Ed25519 keys in PEM.`)
  return keys
}
