import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { migrationsDirectory } from '../../src/db/migrationFiles.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase

/** As it was when the rows of older databases were written, in a schema of its own. */
beforeAll(async () => {
  database = await createTestDatabase()
  const migration = await readFile(join(migrationsDirectory, '0007_user_search.sql'), 'utf8')
  const [former = ''] = /CREATE FUNCTION public\.fold_text\(.*?;\n/s.exec(migration) ?? []
  await database.query('CREATE SCHEMA before')
  await database.query(former.replace('public.', 'before.'))
})
afterAll(() => database.drop())

const others = `ß ł ø İ ı é e\u0301 ſ ﬁ ½ ς Σ Å ﻻ ｅ 王 さ 지 д`.split(' ')

test('text is folded into what it was folded into when older rows were written', async () => {
  const [found] = await database.query(
    `WITH signs AS (SELECT chr(code) AS sign FROM generate_series(1, 127) AS code UNION SELECT unnest($1::text[])),
          texts AS (SELECT a.sign || b.sign || c AS text
                    FROM signs a, signs b, unnest(ARRAY['', 'x', 'É', E'\\n']) AS c)
     SELECT count(*)::integer AS texts,
       count(*) FILTER (WHERE public.fold_text(text) IS DISTINCT FROM before.fold_text(text))::integer AS different
     FROM texts`,
    [others],
  )
  expect(found).toEqual({ texts: (127 + others.length) ** 2 * 4, different: 0 })
})
