import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startApi, type Api } from '../support/api.ts'
import { copyOf, createTestDatabase } from '../support/database.ts'
import { runCommand } from '../support/command.ts'
import { addPerson, signInAs, type SignedIn } from '../support/people.ts'

describe('npm run erasures', () => {
  let api: Api
  let admin: SignedIn
  let folder: string
  let file: string
  beforeAll(async () => {
    api = await startApi()
    admin = await signInAs(api, 'admin')
    folder = await mkdtemp(join(tmpdir(), 'user-management-erasures-'))
    file = join(folder, 'ledger.ndjson')
  })
  afterAll(async () => {
    await api.close()
    await rm(folder, { recursive: true })
  })

  const run = (words: string[], { url } = api.database) => runCommand('erasures', words, { env: { DATABASE_URL: url } })
  const erase = (id: string) => api.send('POST', `/v1/users/${id}/erase`, { token: admin.token })

  test('PRV-03! BAK-03! who was erased after a backup is erased again when it is restored', async () => {
    const [before, after, living] = [await addPerson(api), await addPerson(api), await addPerson(api)]
    await erase(before.id)
    const backup = await copyOf(api.database)
    const receipt = (await erase(after.id)).body as object
    expect(await run(['export', file])).toEqual({
      code: 0,
      errors: '',
      output: `2 receipts were written to ${file}.\n`,
    })
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(receipt)
    expect(lines.join()).not.toContain(after.email)

    const first = await run(['reapply', file], backup)
    expect([first.code, first.errors]).toEqual([0, ''])
    expect(first.output).toBe(
      `1 receipts of ${file} were not in the database.\nerased again: ${after.id}\n1 users were erased again.\n`,
    )
    expect(await backup.query(`SELECT id FROM users WHERE role = 'user'`)).toEqual([{ id: living.id }])
    const events = await backup.query('SELECT action FROM audit_events WHERE subject_id = $1 ORDER BY seq', [after.id])
    expect(events).toEqual([{ action: 'user.created' }, { action: 'user.erasure-reapplied' }])
    const [kept] = await backup.query('SELECT id, user_id, erased FROM erasures WHERE user_id = $1', [after.id])
    expect(receipt).toMatchObject(kept!)
    // Again is no harm, with the file or without.
    expect((await run(['reapply', file], backup)).output).toContain('Nobody who was erased is there.\n')
    expect((await run(['reapply'], backup)).output).toBe('Nobody who was erased is there.\n')
    await backup.drop()
  }, 30_000)

  test('PRV-03! the last administrator of the backup is no exception', async () => {
    const leaving = await signInAs(api, 'admin')
    await api.database.query('UPDATE users SET is_active = false WHERE id = $1', [admin.user.id])
    const backup = await copyOf(api.database)
    await api.database.query('UPDATE users SET is_active = true WHERE id = $1', [admin.user.id])
    await erase(leaving.user.id)
    await run(['export', file])
    expect((await run(['reapply', file], backup)).output).toContain(`erased again: ${leaving.user.id}\n`)
    await backup.drop()
  }, 30_000)

  test.each([
    ['{"id":"x"}', '"id" is missing or wrong'],
    ['not json', 'it is not a JSON object'],
    ['[]', '"id" is missing or wrong'],
  ])('a file with the line %j is refused as a whole', async (line, reason) => {
    await erase((await addPerson(api)).id)
    await run(['export', file])
    const empty = await createTestDatabase()
    await writeFile(file, `${await readFile(file, 'utf8')}\n${line}\n`)
    const { code, errors } = await run(['reapply', file], empty)
    expect(code).toBe(1)
    expect(errors).toMatch(/^Line \d+ is no receipt of an erasure: /)
    expect(errors).toContain(reason)
    expect(await empty.query('SELECT FROM erasures')).toEqual([])
    await empty.drop()
  })

  test('words that make no sense and a file that is not there are one sentence', async () => {
    for (const words of [[], ['export'], ['import', file], ['reapply', file, file]]) {
      expect(await run(words)).toMatchObject({ code: 1, errors: expect.stringMatching(/^Usage: .*\n$/) as unknown })
    }
    const absent = join(folder, 'absent')
    expect(await run(['reapply', absent])).toMatchObject({ code: 1, errors: `${absent} cannot be read (ENOENT).\n` })
  })
})
