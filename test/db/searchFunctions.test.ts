import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { migrationsDirectory } from '../../src/db/migrationFiles.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase

/** As they were when the rows of older databases were written, in a schema of their own. */
beforeAll(async () => {
  database = await createTestDatabase()
  const migration = await readFile(join(migrationsDirectory, '0007_user_search.sql'), 'utf8')
  const functions = migration.match(/CREATE FUNCTION public\.(fold_text|search_grams)\(.*?;\n/gs) ?? []
  expect(functions).toHaveLength(2)
  await database.query('CREATE SCHEMA before')
  for (const text of functions) await database.query(text.replaceAll('public.', 'before.'))
})
afterAll(() => database.drop())

const others = `ß ł ø İ ı é e\u0301 ſ ﬁ ½ ς Σ Å ﻻ ｅ 王 さ 지 д`.split(' ')

test('what is folded and cut into grams now is what it was when the rows there are were written', async () => {
  const [found] = await database.query(
    `WITH signs AS (SELECT chr(code) AS sign FROM generate_series(1, 127) AS code UNION SELECT unnest($1::text[])),
          texts AS (SELECT a.sign || b.sign || c.sign AS text
                    FROM signs a, signs b, (SELECT unnest(ARRAY['', 'x', 'É', E'\\n']) AS sign) c)
     SELECT count(*)::integer AS texts,
       count(*) FILTER (WHERE public.fold_text(text) IS DISTINCT FROM before.fold_text(text))::integer AS folded,
       count(*) FILTER (WHERE public.search_grams(text) IS DISTINCT FROM before.search_grams(text))::integer AS cut
     FROM texts`,
    [others],
  )
  expect(found).toEqual({ texts: (127 + others.length) ** 2 * 4, folded: 0, cut: 0 })
})

test('grams are every character and every pair of neighbours', async () => {
  const [found] = await database.query(`SELECT search_grams(E'ab王\\n.') AS grams, search_grams('a') AS short`)
  expect(found).toEqual({ grams: ['a', 'b', '王', '\n', '.', 'ab', '王\n', '.', 'b王', '\n.'], short: ['a', 'a'] })
})
