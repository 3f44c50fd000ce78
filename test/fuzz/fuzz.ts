/**
 * Property-based tests of the whole contract with Schemathesis (`npm run fuzz`): as an administrator, as a plain user
 * and as a stranger. `-- --cases 10000` for a long run, `-- --seed 42` to repeat one. Exits with 1 where a check fails.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { contract } from '../../generated/contract.ts'
import { createPeople, leaverName, personPassword, signIn, type Caller, type People } from './people.ts'
import { installSchemathesis, runSchemathesis } from './schemathesis.ts'
import { startService } from './service.ts'

/** The short form: a few minutes on two cores, and the same cases each time, so that CI does not change its mind. */
const shortForm = { cases: '2000', seed: '1' }
const strangerExamples = 5

const { values } = parseArgs({ options: { cases: { type: 'string' }, seed: { type: 'string' } } })
const seedText = values.seed ?? (values.cases === undefined ? shortForm.seed : undefined)
const seed = seedText === undefined ? undefined : Number(seedText)
/** The others have nothing that could be varied for long. */
const varied = Object.values(contract).filter(
  ({ path, query, requestMediaTypes }) =>
    path.includes('{') || Object.keys(query).length > 0 || requestMediaTypes.length > 0,
)
const examples = Math.ceil(Number(values.cases ?? shortForm.cases) / 2 / varied.length)

// Ends what was started, too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const installed = installSchemathesis()
if ('reason' in installed) {
  console.log(`FUZZING SKIPPED: ${installed.reason}.`)
} else {
  process.exitCode = (await fuzz(installed.command)) ? 0 : 1
}

async function fuzz(command: string): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'user-management-fuzz-'))
  const service = await startService(folder)
  try {
    const people = await createPeople(service.url)
    const asWhom = { admin: people.admin, plain: people.plain, stranger: undefined }
    const failed: string[] = []
    for (const [name, caller] of Object.entries(asWhom)) {
      console.log(`\n=== as ${name} ===`)
      const own = join(folder, name)
      await mkdir(own)
      const variables = await variablesOf(service.url, people, caller)
      const run = { command, examples: caller ? examples : strangerExamples, seed, folder: own, variables }
      if (!(await runSchemathesis(run))) failed.push(name)
    }
    for (const line of service.errors) console.log(`The service logged an error: ${line}`)
    console.log(failed.length === 0 ? 'No check failed.' : `Checks failed as ${failed.join(', ')}.`)
    return failed.length === 0 && service.errors.length === 0
  } finally {
    await service.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function variablesOf(
  url: string,
  { admin, plain, other }: People,
  caller: Caller | undefined,
): Promise<Record<string, string>> {
  const leaver = await signIn(url, leaverName, personPassword)
  return {
    FUZZ_URL: url,
    FUZZ_OWN_ID: (caller ?? plain).id,
    FUZZ_OTHER_ID: other,
    // The plain user may change nobody but itself, and nothing of itself that would end the run.
    FUZZ_KEPT_IDS: (caller === admin ? [admin, plain, leaver] : [leaver]).map(({ id }) => id).join(),
    FUZZ_LOGIN_NAME: leaverName,
    FUZZ_LOGIN_PASSWORD: personPassword,
    FUZZ_REFRESH_TOKEN: leaver.refreshToken,
    ...(caller && { FUZZ_TOKEN: caller.token }),
    ...(caller === admin && { FUZZ_IS_ADMIN: 'yes' }),
  }
}
