import { filesIn, read } from '../architecture/sources.ts'

/** The rule holds from this one on: those before it were never on a database that a release before was using. */
const first = 7

/** What the release before would trip over while both run, or what holds a table for as long as it has rows. */
const forbidden: [what: string, pattern: RegExp][] = [
  ['renames', /\bRENAME\b/i],
  ['drops a table or a view', /\bDROP\s+(?:TABLE|VIEW|SCHEMA|TYPE|FUNCTION|SEQUENCE)\b/i],
  ['drops a column', /\bDROP\s+COLUMN\b/i],
  ['drops a constraint or a default', /\bDROP\s+(?:CONSTRAINT|DEFAULT)\b/i],
  ['drops an index', /\bDROP\s+INDEX\b/i],
  ['changes a type', /\bALTER\s+(?:COLUMN\s+)?\w+\s+(?:SET\s+DATA\s+)?TYPE\b/i],
  ['demands a value', /\bSET\s+NOT\s+NULL\b/i],
  [
    'adds a column that old inserts do not fill',
    /\bADD\s+COLUMN\s+(?:(?!,|;|DEFAULT|GENERATED)[^])*\bNOT\s+NULL\b(?!\s+(?:DEFAULT|GENERATED))/i,
  ],
  ['adds a constraint to rows that are there', /\bADD\s+CONSTRAINT\b(?![^;]*\bNOT\s+VALID\b)/i],
  ['removes rights', /\bREVOKE\b/i],
  ['removes rows', /\b(?:TRUNCATE\s|DELETE\s+FROM\b)/i],
]

const allowed: Record<string, { what: string; reason: string }[]> = {
  '0007_user_search.sql': [{ what: 'drops an index', reason: 'others take its place; no query names an index' }],
}

/** Without comments, strings, and what grants: a right to delete deletes nothing. */
const statementsOf = (sql: string): string =>
  sql
    .replace(/--.*$/gm, '')
    .replace(/'(?:[^']|'')*'/g, "''")
    .replace(/\b(?:BEFORE|AFTER)\s+[A-Z ]+\s+ON\b/g, '')
    .replace(/\bGRANT\b[^;]*;/gi, '')

/** What a migration does that the release before does not bear. */
const faultsOf = (sql: string): string[] =>
  forbidden.filter(([, pattern]) => pattern.test(statementsOf(sql))).map(([what]) => what)

const migrations = filesIn('migrations')
  .map((file) => file.replace('migrations/', ''))
  .filter((name) => Number(name.slice(0, 4)) >= first)
  .sort()

describe('MIG-03! FLT-36 the release before goes on working', () => {
  test.each(migrations)('after %s', (name) => {
    const expected = (allowed[name] ?? []).map(({ what }) => what)
    expect(faultsOf(read(`migrations/${name}`))).toEqual(expected)
  })

  test.each([
    ['ALTER TABLE users RENAME COLUMN email TO mail', 'renames'],
    ['DROP TABLE users', 'drops a table or a view'],
    ['ALTER TABLE users\n  DROP COLUMN email', 'drops a column'],
    ['ALTER TABLE users DROP CONSTRAINT x', 'drops a constraint or a default'],
    ['ALTER TABLE users ALTER COLUMN version TYPE bigint', 'changes a type'],
    ['ALTER TABLE users ALTER version SET DATA TYPE bigint', 'changes a type'],
    ['ALTER TABLE users ALTER COLUMN first_name SET NOT NULL', 'demands a value'],
    ['ALTER TABLE users ADD COLUMN more text NOT NULL', 'adds a column that old inserts do not fill'],
    ['ALTER TABLE users ADD CONSTRAINT x CHECK (true)', 'adds a constraint to rows that are there'],
    ['REVOKE SELECT ON users FROM user_management_app', 'removes rights'],
    ['TRUNCATE outbox', 'removes rows'],
  ])('which %s would end', (sql, what) => {
    expect(faultsOf(sql)).toEqual([what])
  })

  test.each([
    "ALTER TABLE users ADD COLUMN more text NOT NULL DEFAULT ''",
    'ALTER TABLE users ADD COLUMN more text',
    'ALTER TABLE users ADD CONSTRAINT x CHECK (true) NOT VALID',
    'GRANT SELECT, DELETE ON users TO user_management_app;',
    '-- DROP TABLE users',
  ])('which %s does not', (sql) => expect(faultsOf(sql)).toEqual([]))
})
