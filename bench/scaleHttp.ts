import { randomBytes } from 'node:crypto'
import argon2 from 'argon2'
import pg from 'pg'
import { get } from './client.ts'
import { administrator, signIn, startService } from './servers.ts'
import { table } from './table.ts'

const lists: Record<string, string> = {
  'the first page': '',
  'sort=username': 'sort=username',
  'sort=-last_login_at, role=user': 'sort=-last_login_at&role=user',
  'role=moderator, is_active=false': 'role=moderator&is_active=false',
  'deleted=include': 'deleted=include',
  'q of one user': 'q=garcia123456',
  'q that is common': 'q=smith',
  'q of one sign': 'q=%E7%8E%8B',
  'q of nobody': 'q=zzqxv',
}

/** The same over HTTP, with everything a request passes on its way; and the page after the first, by its cursor. */
export async function measureHttp(databaseUrl: string, folder: string, requests: number): Promise<string> {
  await addAdministrator(databaseUrl)
  const service = await startService({ folder, databaseUrl, secret: randomBytes(48).toString('base64') })
  try {
    const headers = { Authorization: `Bearer ${await signIn(service)}` }
    const rows: string[][] = []
    for (const [name, query] of Object.entries(lists)) {
      const times = { first: [] as number[], next: [] as number[] }
      for (let index = 0; index < requests; index += 1) {
        const first = await timed(`${service.base}/v1/users?${query}`, headers, times.first)
        const cursor = (JSON.parse(first) as { page: { next_cursor: string | null } }).page.next_cursor
        if (cursor) await timed(`${service.base}/v1/users?${query}&cursor=${cursor}`, headers, times.next)
      }
      rows.push([name, show(times.first), show(times.next)])
    }
    return table(['over HTTP, most users', 'p50 / p95 ms', 'the page after it'], ...rows)
  } finally {
    await service.stop()
  }
}

/** The service makes one in an empty database only. The password is another at every run. */
async function addAdministrator(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const hash = await argon2.hash(administrator.password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
  await client.query(`DELETE FROM users WHERE username_key = 'admin'`)
  await client.query(
    `INSERT INTO users (id, username, email, role, password_hash) VALUES (gen_random_uuid(), $1, $1 || '@example.com', 'admin', $2)`,
    [administrator.username, hash],
  )
  await client.end()
}

async function timed(url: string, headers: Record<string, string>, times: number[]): Promise<string> {
  const before = performance.now()
  const { status, text } = await get(url, headers)
  times.push(performance.now() - before)
  if (status !== 200) throw new Error(`${url} was answered ${status}: ${text}`)
  return text
}

function show(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]?.toFixed(1) ?? '–'
  return `${at(0.5)} / ${at(0.95)}`
}
