import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const configuration = String(new URL('../jest.config.mjs', import.meta.url))
const { default: config } = (await import(configuration)) as {
  default: { runner: string; setupFilesAfterEnv: string[] }
}

interface Report {
  testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[]
}

const root = join(import.meta.dirname, '..')
const never = '() => new Promise((resolve) => setTimeout(resolve, 600_000).unref())'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'user-management-runner-'))
})
afterAll(() => rm(folder, { recursive: true }))

/**
 * What Jest says of a file of tests, with the runner and the set-up of `jest.config.mjs`: the title of each and why it
 * failed, if it did.
 */
async function run(tests: string): Promise<Record<string, string>> {
  await writeFile(join(folder, 'some.test.mjs'), tests)
  const own = {
    rootDir: folder,
    transform: {},
    testMatch: ['**/*.test.mjs'],
    runner: fileURLToPath(import.meta.resolve(config.runner)),
    setupFilesAfterEnv: config.setupFilesAfterEnv.map((file) => file.replace('<rootDir>', root)),
  }
  const output = join(folder, 'report.json')
  const words = ['--config', JSON.stringify(own), '--json', '--outputFile', output, '--maxWorkers', '2']
  const env = { ...process.env, FORCE_COLOR: '0' }
  const jest = [join(root, 'node_modules/jest/bin/jest.js'), ...words]
  const error = await new Promise<Error | null>((resolve) =>
    execFile(process.execPath, jest, { cwd: folder, env }, resolve),
  )
  expect(error).not.toBeNull()
  const { testResults } = JSON.parse(await readFile(output, 'utf8')) as Report
  const results = testResults.flatMap(({ assertionResults }) => assertionResults)
  return Object.fromEntries(results.map(({ title, failureMessages }) => [title, failureMessages.join()]))
}

test('what is late or asserts less than promised fails, whether a test, a row of a table or a hook, and the others go on', async () => {
  const results = await run(`
    describe('hooks', () => {
      beforeAll(${never}, 20)
      test('behind a hook', () => expect(1).toBe(1))
    })
    test('alone', ${never}, 20)
    test.each([['first'], ['second']])('%s row', ${never}, 20)
    test('in time', async () => expect(await Promise.resolve(1)).toBe(1), 10_000)
    test.each([['third']])('%s row without assertion', () => expect.hasAssertions())
    describe('behind a hook that asserts', () => {
      afterEach(() => expect(1).toBe(1))
      test('one', () => expect(1).toBe(1))
      test('another without assertion', () => expect.hasAssertions())
    })
    test('without assertion', () => expect.hasAssertions())
    test('with assertion', () => { expect.hasAssertions(); expect(1).toBe(1) })
    test('wrong', () => expect(1).toBe(2))`)
  const late = expect.stringContaining('not over after 0.02 s') as string
  const none = expect.stringContaining('at least one assertion') as string
  expect(results).toEqual({
    '(beforeAll)': late,
    'behind a hook': '',
    alone: late,
    'first row': late,
    'second row': late,
    'in time': '',
    'third row without assertion': none,
    one: '',
    'another without assertion': none,
    'without assertion': none,
    'with assertion': '',
    wrong: expect.stringContaining('Expected: 2') as string,
  })
})
