import type { Api } from './api.ts'

/**
 * Puts `count` users of every kind straight into the database: each role, state and time of creation in every combination,
 * a seventh of them deleted, a third never signed in, with names of several scripts. The first is `crowd.1`.
 */
export async function addCrowd(api: Api, count: number, prefix = 'crowd'): Promise<void> {
  await withSearchAfterwards(api, () => insertCrowd(api, count, prefix))
  await api.database.query('ANALYZE users')
}

/**
 * Changes many users without the two indexes of the search, which are made anew afterwards, as the migration makes them:
 * a fraction of the time that each row takes on its own.
 */
export async function withSearchAfterwards({ database }: Api, change: () => Promise<unknown>): Promise<void> {
  const text = `SELECT indexdef FROM pg_indexes WHERE indexname IN ('users_search', 'users_search_grams')`
  const indexes = await database.query<{ indexdef: string }>(text)
  await database.query('DROP INDEX users_search, users_search_grams')
  try {
    await change()
  } finally {
    for (const { indexdef } of indexes) await database.query(indexdef)
    await database.query('ALTER INDEX users_search_grams ALTER COLUMN 1 SET STATISTICS 0')
  }
}

async function insertCrowd(api: Api, count: number, prefix: string): Promise<void> {
  await api.database.query(
    `INSERT INTO users (id, username, email, email_verified, first_name, last_name, role, is_active, password_hash,
       last_login_at, created_at, updated_at, deleted_at)
     SELECT gen_random_uuid(), name, name || (ARRAY['@example.com', '+x@mail.example.org'])[1 + n % 2], n % 3 <> 0,
       (ARRAY['José', 'Zoë', NULL, 'Łukasz', 'Иван', '王', 'Straße', 'O''Brien'])[1 + n % 8],
       (ARRAY['Müller', 'Ångström', 'de la Cruz', NULL, '明', 'Ελένη', '100% _sure_'])[1 + n % 7],
       (ARRAY['user', 'moderator', 'user', 'admin', 'user'])[1 + n % 5], n % 4 <> 0, 'x',
       CASE WHEN n % 3 <> 1 THEN timestamptz '2025-03-01' + (n * 37 % 101) * interval '1 hour' END,
       timestamptz '2025-01-01' + (n % 50) * interval '1 day', timestamptz '2025-06-01' + (n * 17 % 53) * interval '1 minute',
       CASE WHEN n % 7 = 0 THEN now() END
     FROM (SELECT n, CASE WHEN n % 2 = 0 THEN $2 ELSE initcap($2) END || '.' || n AS name FROM generate_series(1, $1::int) n) AS numbered`,
    [count, prefix],
  )
}
