// Makes, rotates, lists and removes the keys of JWT_PRIVATE_KEY_FILE.
import { existsSync } from 'node:fs'
import { loadEnvFile } from 'node:process'
import { parseArgs } from 'node:util'
import { readConfig } from '../config.ts'
import { refuseConfig } from '../startup/openKeys.ts'
import type { KeyPairAlgorithm } from '../security/keys.ts'
import { createKeys, listKeys, pruneKeys, revokeKey, rotateKeys, type Command } from './keyCommands.ts'
import { CommandError, runCommand } from './runCommand.ts'

const help = `Usage: npm run keys -- <command>

  create [--algorithm EdDSA|ES256|RS256]  makes JWT_PRIVATE_KEY_FILE with a first key (EdDSA)
  rotate [--algorithm …]                  adds the next key: published now, it signs once everybody knows it
  list                                    shows every key and what it is for
  prune                                   removes the keys that nothing needs any more: a day after they signed
  revoke <kid>                            removes a key at once, and with it all tokens it signed, cursors and retries

Instances read the file every minute, and at once when sent SIGHUP.`

await runCommand(async () => {
  if (existsSync('.env')) loadEnvFile('.env')
  const lines = await run(process.argv.slice(2)).catch(refuseConfig)
  process.stdout.write(`${lines.join('\n')}\n`)
})

async function run([name = 'help', ...rest]: string[]): Promise<string[]> {
  const [kid] = rest
  if (name === 'help') return [help]
  if (name === 'create') return createKeys(command(readAlgorithm(rest)))
  if (name === 'rotate') return rotateKeys(command(readAlgorithm(rest)))
  if (name === 'list' && rest.length === 0) return listKeys(command())
  if (name === 'prune' && rest.length === 0) return pruneKeys(command())
  // The name of a key may begin like an option: it is taken as it is.
  if (name === 'revoke' && kid !== undefined && rest.length === 1) return revokeKey(command(), kid)
  throw new CommandError(help)
}

function readAlgorithm(args: string[]): KeyPairAlgorithm | undefined {
  const { algorithm } = parseOptions(args)
  const known = (['EdDSA', 'ES256', 'RS256'] as const).find((each) => each === algorithm)
  if (algorithm !== undefined && !known) throw new CommandError(help)
  return known
}

function parseOptions(args: string[]): { algorithm?: string | undefined } {
  try {
    return parseArgs({ args, options: { algorithm: { type: 'string' } } }).values
  } catch {
    throw new CommandError(help)
  }
}

/** Reads the four variables this is about, checked like all others. */
function command(asked?: KeyPairAlgorithm): Command {
  const names = ['JWT_PRIVATE_KEY_FILE', 'JWT_PUBLIC_KEYS_DIR', 'JWT_ALGORITHM', 'ACCESS_TOKEN_EXPIRE_MINUTES']
  const { tokens } = readConfig(Object.fromEntries(names.map((name) => [name, process.env[name]])))
  const { privateKeyFile: file, publicKeysDir: folder, accessMinutes } = tokens
  if (file === undefined) throw new CommandError('Set JWT_PRIVATE_KEY_FILE to where the keys are or shall be.')
  const configured = tokens.algorithm === 'HS256' ? undefined : tokens.algorithm
  if (asked && configured && asked !== configured)
    throw new CommandError(`JWT_ALGORITHM is ${configured}: change it first.`)
  return { file, folder, lifetime: accessMinutes * 60, algorithm: asked ?? configured, now: Date.now() }
}
