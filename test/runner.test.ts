import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jestConfig } from './support/jestConfig.ts'

interface Report {
  testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[]
}

const root = join(import.meta.dirname, '..')
const never = '() => new Promise((resolve) => setTimeout(resolve, 600_000).unref())'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'user-management-runner-'))
})
afterEach(() => rm(folder, { recursive: true }))

/**
 * What Jest says of so many files of these tests, with the runner and the set-up of `jest.config.mjs`: whether all is
 * well, and for each title why it failed, if it did.
 */
async function run(tests: string, { files = 1, flags = [] as string[] } = {}) {
  for (let file = 1; file <= files; file += 1) await writeFile(join(folder, `${file}.test.mjs`), tests)
  const own = {
    rootDir: folder,
    transform: {},
    testMatch: ['**/*.test.mjs'],
    runner: jestConfig.runner.replace('<rootDir>', root),
    setupFilesAfterEnv: jestConfig.setupFilesAfterEnv.map((file) => file.replace('<rootDir>', root)),
  }
  const output = join(folder, 'report.json')
  const words = ['--config', JSON.stringify(own), '--json', '--outputFile', output, '--maxWorkers', '3']
  const jest = [...flags, join(root, 'node_modules/jest/bin/jest.js'), ...words]
  const options = { cwd: folder, env: { ...process.env, FORCE_COLOR: '0' }, timeout: 25_000 }
  const error = await new Promise<Error | null>((resolve) => execFile(process.execPath, jest, options, resolve))
  const { testResults } = JSON.parse(await readFile(output, 'utf8')) as Report
  const results = testResults.flatMap(({ assertionResults }) => assertionResults)
  return {
    isWell: error === null,
    failures: Object.fromEntries(results.map(({ title, failureMessages }) => [title, failureMessages.join()])),
  }
}

test('what is late or asserts less than promised fails, whether a test, a row of a table or a hook, and the others go on', async () => {
  const { isWell, failures } = await run(`
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
  expect(isWell).toBe(false)
  expect(failures).toEqual({
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

test('workers that are slow to start are told what to do like the others, and all end in order', async () => {
  const flags = ['--import', new URL('support/slowWorker.ts', import.meta.url).href]
  const tests = `
    import { writeFileSync } from 'node:fs'
    const name = 'ended-' + process.env.TINYPOOL_WORKER_ID
    process.once('exit', () => writeFileSync(name, ''))
    test(name, () => expect(1).toBe(1))`
  const { isWell, failures } = await run(tests, { files: 3, flags })
  expect(isWell).toBe(true)
  expect(Object.keys(failures)).toHaveLength(3)
  expect(await readdir(folder)).toEqual(expect.arrayContaining(Object.keys(failures)))
})
