import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Pinned: each release finds other things, and a run should not change overnight. */
const version = '4.32.5'

/**
 * Schemathesis in a virtual environment outside the repository, kept for the next run; the command, or the reason why
 * it cannot be had.
 */
export function installSchemathesis(): { command: string } | { reason: string } {
  // Of one's own: in a folder that is everybody's somebody else could have put the program that is run here.
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  const folder = join(cache, 'user-management-api', `schemathesis-${version}`)
  const command = join(folder, 'bin', 'schemathesis')
  if (existsSync(command) && succeeds(command, ['--version'])) return { command }
  if (!succeeds('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))'])) {
    return { reason: 'there is no Python 3.10 or newer' }
  }
  if (!succeeds('python3', ['-m', 'venv', '--clear', folder])) return { reason: 'Python has no venv module' }
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `schemathesis==${version}`]
  if (!succeeds(join(folder, 'bin', 'python'), pip)) return { reason: `schemathesis ${version} cannot be installed` }
  return { command }
}

function succeeds(command: string, given: string[]): boolean {
  return spawnSync(command, given, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
}

export interface Run {
  command: string
  /** Cases the fuzzing phase makes for each operation; the other phases make their own. */
  examples: number
  seed: number | undefined
  /** Where hypothesis may keep its files, and the report goes. */
  folder: string
  variables: Record<string, string>
}

/** Runs every check against the whole contract; whether all passed. */
export async function runSchemathesis({ command, examples, seed, folder, variables }: Run): Promise<boolean> {
  const settings = writeSettings(folder, variables)
  const given = [
    ...['--config-file', settings, 'run', `${variables.FUZZ_URL}/openapi.json`],
    ...['--url', variables.FUZZ_URL!, '--checks', 'all', '--max-examples', String(examples)],
    ...['--generation-database', 'none', '--no-color', '--report', 'ndjson', '--report-dir', join(folder, 'report')],
    ...(seed === undefined ? [] : ['--seed', String(seed)]),
  ]
  const child = spawn(command, given, {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1', ...variables },
  })
  process.once('exit', () => child.kill())
  const code = await new Promise((resolve) => child.once('exit', resolve))
  return code === 0
}

/** The settings with the variables filled in, which Schemathesis itself does only here and there. */
function writeSettings(folder: string, variables: Record<string, string>): string {
  const known: Record<string, string> = { ...variables, FUZZ_HOOKS: join(import.meta.dirname, 'hooks.py') }
  const template = readFileSync(join(import.meta.dirname, 'schemathesis.toml'), 'utf8')
  const file = join(folder, 'schemathesis.toml')
  writeFileSync(
    file,
    template.replace(/\$\{(\w+)\}/g, (_, name: string) => known[name] ?? ''),
  )
  return file
}
