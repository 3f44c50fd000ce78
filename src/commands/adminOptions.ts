import { demandFit } from './demandFit.ts'
import { readOptions } from './readOptions.ts'
import { CommandError } from './runCommand.ts'

export interface AdminOptions {
  username: string
  email: string
  password: 'ask' | 'stdin' | 'generate'
}

const usage = 'Usage: npm run admin -- create --username NAME --email ADDRESS [--password-stdin | --generate]'

const options = {
  username: { type: 'string' },
  email: { type: 'string' },
  'password-stdin': { type: 'boolean' },
  generate: { type: 'boolean' },
} as const

/** Reads the words after `npm run admin --`. Throws a CommandError. */
export function readAdminOptions(words: string[]): AdminOptions {
  const { values, positionals } = readOptions({ args: words, allowPositionals: true, options }, usage)
  const { username, email, generate, 'password-stdin': stdin } = values
  if (positionals.join(' ') !== 'create' || username === undefined || email === undefined) throw new CommandError(usage)
  if (stdin && generate) throw new CommandError(`--password-stdin and --generate exclude each other. ${usage}`)
  demandFit('--username', username, 'Username')
  demandFit('--email', email, 'Email')
  return { username, email, password: stdin ? 'stdin' : generate ? 'generate' : 'ask' }
}
