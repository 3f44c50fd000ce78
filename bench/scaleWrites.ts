import pg from 'pg'
import { table } from './table.ts'

const batch = 1000
const batches = 20

const insert = `
  INSERT INTO users (id, username, email, first_name, last_name, password_hash)
  SELECT gen_random_uuid(), 'w' || n || substr(md5(n::text), 1, 8), 'w' || n || '.' || substr(md5(n::text), 1, 12) || '@example.com',
    'Ann-Marie', 'O''Neill', repeat('x', 97)
  FROM generate_series($1::int, $2::int) AS n`

/** Rows a second that one connection inserts, a thousand a statement, into all indexes; taken back afterwards. */
export async function measureWrites(urls: string[], counts: number[]): Promise<string> {
  const rows: string[][] = []
  for (const [index, url] of urls.entries())
    rows.push([String(counts[index]?.toLocaleString('en')), await measureInserts(url)])
  return table(['users there', 'rows inserted a second'], ...rows)
}

async function measureInserts(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const before = performance.now()
    for (let each = 0; each < batches; each += 1) await client.query(insert, [each * batch + 1, (each + 1) * batch])
    const seconds = (performance.now() - before) / 1000
    await client.query(
      `DELETE FROM users WHERE password_hash = repeat('x', 97) AND created_at > now() - interval '1 hour'`,
    )
    await client.query('VACUUM users')
    return ((batch * batches) / seconds).toFixed(0)
  } finally {
    await client.end()
  }
}
