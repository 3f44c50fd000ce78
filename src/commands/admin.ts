// `npm run admin -- create --username NAME --email ADDRESS`: adds an administrator, whether or not there are others.
import { randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import { inTransaction } from '../db/transaction.ts'
import { addUser } from '../domain/addUser.ts'
import { conflictOf } from '../domain/conflict.ts'
import { Problem } from '../problem.ts'
import { readAdminOptions, type AdminOptions } from './adminOptions.ts'
import { askPassword, readPassword } from './askPassword.ts'
import { demandFit } from './demandFit.ts'
import { inDatabase } from './inDatabase.ts'
import { CommandError, loadConfig, runCommand } from './runCommand.ts'

const client = { ip: '127.0.0.1', userAgent: 'npm run admin', requestId: 'admin-command', traceId: undefined }

await runCommand(async () => {
  const options = readAdminOptions(process.argv.slice(2))
  const config = loadConfig()
  const password = await passwordFor(options)
  demandFit('The password', password, 'NewPassword')
  await inDatabase(config, (context) => addAdministrator(context, options, password))
  console.log(`The administrator ${options.username} was added.`)
  if (options.password === 'generate') console.log(`Password: ${password}   (shown this once)`)
})

async function passwordFor({ password }: AdminOptions): Promise<string> {
  if (password === 'generate') return randomBytes(15).toString('base64url')
  if (password === 'stdin') return readPassword(process.stdin)
  if (process.stdin.isTTY) return askPassword({ input: process.stdin, output: process.stderr })
  throw new CommandError('There is no terminal to ask for the password on: add --password-stdin or --generate.')
}

async function addAdministrator(
  { db, passwords }: Context,
  { username, email }: AdminOptions,
  password: string,
): Promise<void> {
  try {
    passwords.demandStrong(password, { username, email })
    const account = { username, email, passwordHash: await passwords.hash(password), role: 'admin' as const }
    await inTransaction(db, (tx) => addUser(tx, account, { actor: undefined, client }))
  } catch (error) {
    throw explain(await conflictOf(error, db, { username, email }))
  }
}

/** A rule that the account breaks, in the words the API has for it. */
function explain(error: unknown): unknown {
  if (!(error instanceof Problem)) return error
  const details = (error.errors ?? []).map(({ detail }) => detail)
  const reason = details.length > 0 ? details.join(', and ') : (error.detail ?? error.title)
  return new CommandError(`Nobody was added: ${reason.replace(/\.$/, '')}.`, { cause: error })
}
