import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPublicKey } from 'node:crypto'
import { parseKeyFile } from '../../src/security/keyFile.ts'
import { publishSeconds } from '../../src/security/keyTimeline.ts'
import { importPrivateKey } from '../../src/security/keys.ts'
import { inherited } from '../support/inherited.ts'
import { createKeyFolder, newKey, privatePem, publicPem, type KeyFolder } from '../support/keyFiles.ts'

const program = new URL('../../src/commands/keys.ts', import.meta.url).pathname

describe('npm run keys', () => {
  let folder: KeyFolder
  let file: string
  beforeEach(() => {
    folder = createKeyFolder()
    file = join(folder.path, 'signing.pem')
  })
  afterEach(() => folder.remove())

  function run(args: string[], env: Record<string, string> = { JWT_PRIVATE_KEY_FILE: file }) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      encoding: 'utf8',
      env: { ...inherited, ...env },
      cwd: folder.path,
    })
    for (const output of [stdout, stderr]) expect(output).not.toMatch(/PRIVATE KEY-|MC4CAQ|at file:/)
    return { status, stdout, stderr }
  }
  const keys = () => parseKeyFile(readFileSync(file, 'utf8'))
  const kids = () => Promise.all(keys().map(async ({ key, algorithm }) => (await importPrivateKey(key, algorithm)).kid))
  const states = () =>
    run(['list'])
      .stdout.split('\n')
      .slice(0, -1)
      .map((line) => line.split(/ +/)[2])
  const at = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString()
  /** Keys that started so many seconds ago. */
  const started = (...seconds: number[]) =>
    writeFileSync(
      file,
      seconds.map((each) => `Not-Before: ${at(-each * 1000)}\n${privatePem(newKey('EdDSA'))}`).join('\n'),
    )

  test.each([
    [[], 'EdDSA'],
    [['--algorithm', 'ES256'], 'ES256'],
    [['--algorithm=RS256'], 'RS256'],
  ])('create %j makes a file for its owner alone, once', async (options, algorithm) => {
    const made = run(['create', ...options])
    expect([made.status, made.stderr]).toEqual([0, ''])
    expect(made.stdout).toBe(`Made the key ${(await kids())[0]} (${algorithm}) in ${file}.\n`)
    expect([statSync(file).mode & 0o777, existsSync(`${file}.lock`)]).toEqual([0o600, false])
    const before = readFileSync(file, 'utf8')
    expect(run(['create'])).toMatchObject({ status: 1, stderr: `${file} exists. Use "rotate" to replace its key.\n` })
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  test('JWT-09: rotate adds a key that signs later, and keeps mode and the one before', async () => {
    run(['create'])
    chmodSync(file, 0o640)
    const [old] = await kids()
    const earliest = Date.now() + publishSeconds * 1000
    const { status, stdout } = run(['rotate'])
    const [first, second] = await kids()
    expect([status, first, statSync(file).mode & 0o777]).toEqual([0, old, 0o640])
    expect(keys()[1]?.notBefore).toBeGreaterThanOrEqual(earliest)
    expect(stdout).toContain(`Made the key ${second} (EdDSA). It is published now and signs from `)
    expect(stdout).toContain(`The key ${old} is accepted until `)
    expect(states()).toEqual(['signing', 'next'])
    const again = run(['rotate'])
    expect([again.status, again.stderr]).toEqual([
      1,
      expect.stringContaining(`The key ${second} is next already, from `),
    ])
    expect(await kids()).toEqual([old, second])
  })

  test('rotate takes a new algorithm on demand, else that of the key before, and prunes', () => {
    writeFileSync(file, privatePem(newKey('RS256')))
    run(['rotate'])
    expect(keys().map(({ algorithm }) => algorithm)).toEqual(['RS256', 'RS256'])
    started(200_000, 190_000)
    run(['rotate', '--algorithm', 'ES256'])
    expect(keys().map(({ algorithm }) => algorithm)).toEqual(['EdDSA', 'ES256'])
  })

  test('prune removes what retries and tokens need no more and nothing else', async () => {
    started(100_000, 87_000, 86_000, 1000)
    const all = await kids()
    expect(states()).toEqual(['expired', 'expired', 'old', 'signing'])
    expect(run(['prune'])).toMatchObject({ status: 0, stdout: `Removed the key ${all[0]}.\n` })
    expect(await kids()).toEqual(all.slice(1))
    expect(run(['prune']).stdout).toBe('Every key is needed.\n')
  })

  test('JWT-10: revoke removes a key at once, and where it signed another one does', async () => {
    started(3000, 1000)
    const [old, signing] = await kids()
    run(['rotate'])
    const next = (await kids())[2]
    const { status, stdout } = run(['revoke', signing ?? ''])
    expect([status, await kids(), states()]).toEqual([0, [old, next], ['old', 'signing']])
    expect(stdout).toContain(`The key ${next} signs.`)
    run(['revoke', next ?? ''])
    expect((await kids())[0]).toBe(old)
    expect(states()).toEqual(['old', 'signing'])
    expect(await kids()).not.toContain(next)
    expect(run(['revoke', next ?? '']).status).toBe(1)
    expect(run(['revoke', '-not-an-option']).stderr).toContain('Name a key of JWT_PRIVATE_KEY_FILE')
  })

  test('list and revoke look into the folder of public keys, too', async () => {
    run(['create'])
    folder.write('copy.pem', publicPem(createPublicKey(keys()[0]!.key)))
    const [kid] = await kids()
    const env = { JWT_PRIVATE_KEY_FILE: `${file}.keys`, JWT_PUBLIC_KEYS_DIR: folder.path }
    writeFileSync(`${file}.keys`, readFileSync(file))
    writeFileSync(file, publicPem(createPublicKey(keys()[0]!.key)))
    expect(run(['list'], env).stdout.match(new RegExp(`^${kid}  EdDSA  public$`, 'gm'))).toHaveLength(2)
    expect(run(['revoke', kid ?? ''], env).stdout).toContain('JWT_PUBLIC_KEYS_DIR has it as well')
  })

  test('only one command is at work at a time', () => {
    run(['create'])
    const before = readFileSync(file, 'utf8')
    writeFileSync(`${file}.lock`, '')
    for (const command of ['rotate', 'prune']) {
      expect(run([command])).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringContaining('.lock is there') as string,
      })
    }
    expect([readFileSync(file, 'utf8'), existsSync(`${file}.lock`)]).toEqual([before, true])
  })

  test('says what it can do, and what is wrong, without a stack', () => {
    expect(run([])).toMatchObject({ status: 0, stdout: expect.stringContaining('Usage: npm run keys') as string })
    for (const args of [
      ['frob'],
      ['rotate', '--algorithm', 'none'],
      ['list', 'x'],
      ['revoke'],
      ['create', '--force'],
    ]) {
      expect(run(args)).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('Usage:') as string })
    }
    expect(run(['list'], {})).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Set JWT_PRIVATE_KEY_FILE') as string,
    })
    expect(run(['list'])).toMatchObject({
      status: 78,
      stderr: expect.stringContaining('  JWT_PRIVATE_KEY_FILE cannot be read (ENOENT)\n') as string,
    })
    expect(existsSync(`${file}.lock`)).toBe(false)
    const inNoFolder = { JWT_PRIVATE_KEY_FILE: join(folder.path, 'none', 'signing.pem') }
    expect(run(['create'], inNoFolder)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('(ENOENT)') as string,
    })
    const contradictory = { JWT_PRIVATE_KEY_FILE: file, JWT_ALGORITHM: 'RS256' }
    expect(run(['create', '--algorithm', 'ES256'], contradictory).stderr).toContain('JWT_ALGORITHM is RS256')
  })
})
