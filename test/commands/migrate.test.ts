import { migrationNames, migrationsDirectory } from '../../src/db/migrationFiles.ts'
import { createTestDatabase, query } from '../support/database.ts'
import { runCommand } from '../support/command.ts'

describe('npm run migrate', () => {
  test('applies what is pending, prints it, and has nothing to do the second time', async () => {
    const database = await createTestDatabase()
    await query(database.url, 'CREATE DATABASE migrate_command')
    const url = new URL(database.url)
    url.pathname = 'migrate_command'
    const env = { DATABASE_URL: url.href }
    const applied = (await migrationNames(migrationsDirectory)).map((name) => `applied ${name}\n`).join('')
    const upToDate = 'The database is up to date.\n'
    expect(await runCommand('migrate', [], { env })).toEqual({ code: 0, output: applied + upToDate, errors: '' })
    expect(await runCommand('migrate', [], { env })).toEqual({ code: 0, output: upToDate, errors: '' })
    await query(database.url, 'DROP DATABASE migrate_command WITH (FORCE)')
    await database.drop()
  })

  test('a database that does not answer, one that is not there and a configuration that is refused', async () => {
    const absent = await createTestDatabase()
    await absent.drop()
    const silent = await runCommand('migrate', [], { env: { DATABASE_URL: 'postgres://x:y@127.0.0.1:1/x' } })
    expect([silent.code, silent.errors]).toEqual([1, 'The database does not answer: start it, or mend DATABASE_URL.\n'])
    const refused = await runCommand('migrate', [], { env: { DATABASE_URL: absent.url } })
    expect(refused.code).toBe(1)
    expect(refused.errors).toMatch(/^The database refused: .*\.\n$/)
    const misconfigured = await runCommand('migrate', [], { env: { PORT: 'eighty' } })
    expect(misconfigured.code).toBe(78)
    expect(misconfigured.errors).toContain('PORT must be a whole number')
  })
})
