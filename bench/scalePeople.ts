import pg from 'pg'
import { migrate } from '../src/db/migrate.ts'

// Many of the first, few of the last, in scripts that search has to cope with. No person is meant.
const firstNames = `Maria James Anna John Mohamed José David Robert Li Olga Michael Fatima Laura Thomas Linda Peter Sofía Daniel
  Elena Jan Emma François Karin Łukasz Ahmed Zoë Marek Yuki Søren Ingrid Chloé Björn Nadia Jürgen Priya Tomáš Eleni Mehmet İrem
  Siobhán Håkon Dragana Željko Ngọc Minh Иван Ольга Мария Дмитрий 王 李 伟 芳 さくら 健 지훈 서연 Ελένη Γιώργος`
const lastNames = `Smith Johnson Müller García Brown Kim Nguyen Novák Silva Jones Martin Williams Rossi Davis López Wilson Kowalski
  Anderson Schmidt Taylor Moore Fernández Jackson Lee Petrov Meyer Jensen Thompson White Hansen Dubois Clark Lewis Okafor Hall
  Tanaka Young King Scott Hill O'Brien Green Baker Adams Nelson Mitchell Yılmaz Campbell Roberts Çelik Phillips Evans Haddad
  Fischer Garcia-Marquez Weiß Ångström Vörös Østergaard Quiñones D'Angelo Xu Zhang Dvořák Papadopoulos Fitzgerald Szczepański Iqbal
  Иванов Петрова Кузнецов 张 陳 佐藤 鈴木 김 박 Παπαδόπουλος`
const domains =
  'example.com mail.example.com example.org example.net students.example.edu staff.example.edu shop.example.co.uk'

/** Of this many at a time a line is printed. */
const batch = 250_000
// As long as a real one; nobody signs in with it.
const passwordHash = `$argon2id$v=19$m=19456,t=2,p=1$${'c2FsdHNhbHRzYWx0c2Fs'}$${'aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g'}`

// random(n, salt): a number from 0 to 1 (excluded), the same at every run. Its square prefers the beginning of a list.
const seed = `
  WITH names AS (
    SELECT array_agg(first ORDER BY place) AS firsts, array_agg(slug ORDER BY place) AS slugs
    FROM (SELECT place, first, coalesce(nullif(regexp_replace(fold_text(first), '[^a-z]', '', 'g'), ''), 'user') AS slug
          FROM regexp_split_to_table($1, '\\s+') WITH ORDINALITY AS list (first, place)) AS listed
  ), surnames AS (
    SELECT array_agg(last ORDER BY place) AS lasts, array_agg(slug ORDER BY place) AS last_slugs
    FROM (SELECT place, last, regexp_replace(fold_text(last), '[^a-z]', '', 'g') AS slug
          FROM regexp_split_to_table($2, '\\s+') WITH ORDINALITY AS list (last, place)) AS listed
  ), drawn AS (
    SELECT n,
      1 + floor(bench_random(n, 1) ^ 2 * cardinality(firsts))::int AS first,
      1 + floor(bench_random(n, 2) ^ 2 * cardinality(lasts))::int AS last,
      1 + floor(bench_random(n, 3) ^ 2 * cardinality(domains))::int AS domain,
      firsts, slugs, lasts, last_slugs, domains
    FROM names, surnames, string_to_array($3, ' ') AS domains, generate_series($4::int, $5::int) AS n
  ), named AS (
    SELECT n, firsts[first] AS first_name, lasts[last] AS last_name, domains[domain] AS domain,
      left(slugs[first], 10) || (ARRAY['.', '_', '-', ''])[1 + floor(bench_random(n, 4) * 4)::int]
        || left(last_slugs[last], 12) || n AS username
    FROM drawn
  )
  INSERT INTO users (id, username, email, email_verified, first_name, last_name, role, is_active, password_hash,
    last_login_at, created_at, updated_at, deleted_at)
  SELECT (lpad(to_hex(1577836800000 + n * 16000::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
    username, username || '@' || domain, bench_random(n, 5) < 0.7, first_name, last_name,
    CASE WHEN bench_random(n, 6) < 0.0001 THEN 'admin' WHEN bench_random(n, 6) < 0.001 THEN 'moderator' ELSE 'user' END,
    bench_random(n, 7) < 0.99, $6,
    CASE WHEN bench_random(n, 8) < 0.7 THEN created + bench_random(n, 9) * (timestamptz '2026-01-01' - created) END,
    created, created + bench_random(n, 10) * (timestamptz '2026-01-01' - created),
    CASE WHEN bench_random(n, 11) < 0.005 THEN timestamptz '2026-01-01' - bench_random(n, 12) * interval '30 days' END
  FROM (SELECT named.*, timestamptz '2020-01-01' + n * interval '16 seconds' AS created FROM named) AS dated`

const random = `
  CREATE OR REPLACE FUNCTION bench_random(n int, salt int) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (hashint4extended(n, salt) & 9007199254740991)::float8 / 9007199254740992`

/** Fills an empty database with `count` people, once: one that has them is left as it is. */
export async function seedPeople(databaseUrl: string, count: number): Promise<void> {
  await migrate(databaseUrl)
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ seeded: boolean }>(`SELECT to_regclass('bench_seeded') IS NOT NULL AS seeded`)
    if (!rows[0]?.seeded) await fill(client, count)
  } finally {
    await client.end()
  }
}

async function fill(client: pg.Client, count: number): Promise<void> {
  const say = (what: string) => console.log(`${count} people: ${what} after ${Math.round(performance.now() / 1000)} s`)
  await client.query(`SET synchronous_commit = off; SET maintenance_work_mem = '1GB'`)
  await client.query(random)
  // Built at once at the end, they take a fraction of the time.
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
     FROM pg_index WHERE indrelid = 'users'::regclass AND NOT indisprimary`,
  )
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`)
  await client.query('TRUNCATE users CASCADE')
  for (let from = 1; from <= count; from += batch) {
    const to = Math.min(count, from + batch - 1)
    await client.query(seed, [firstNames, lastNames, domains, from, to, passwordHash])
    say(`${to} written`)
  }
  for (const { name, definition } of indexes) {
    await client.query(definition)
    say(`${name} built`)
  }
  await client.query('ALTER INDEX users_search_grams ALTER COLUMN 1 SET STATISTICS 0')
  await client.query('VACUUM ANALYZE users')
  await client.query('CREATE TABLE bench_seeded ()')
  say('ready')
}
