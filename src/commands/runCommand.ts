import { existsSync } from 'node:fs'
import { loadEnvFile } from 'node:process'
import { ConfigError, readConfig, type Config } from '../config.ts'
import { isUnavailable } from '../db/errors.ts'
import { StartupError } from '../startupError.ts'

/** EX_CONFIG of sysexits.h, as the service itself exits. */
const misconfigured = 78

/** A mistake of whoever typed the command. The message is one whole sentence for that person. */
export class CommandError extends Error {}

/** Somebody asks how the command is used; the message says it. */
export class UsageWanted extends Error {}

/** The service's own configuration, `.env` of the current folder included. Throws a ConfigError. */
export function loadConfig(): Config {
  if (existsSync('.env')) loadEnvFile('.env')
  return readConfig(process.env)
}

/** Runs a command to its end. Whatever a person can mend is one sentence on standard error and an exit code. */
export async function runCommand(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof UsageWanted) return void process.stdout.write(`${error.message}\n`)
    process.exitCode = error instanceof ConfigError ? misconfigured : 1
    process.stderr.write(`${explain(error)}\n`)
  }
}

function explain(error: unknown): string {
  const isExplained = error instanceof CommandError || error instanceof StartupError || error instanceof ConfigError
  if (isExplained) return error.message
  if (isUnavailable(error)) return 'The database does not answer: start it, or mend DATABASE_URL.'
  throw error
}
