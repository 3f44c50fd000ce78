import { randomBytes } from 'node:crypto'
import { get } from './client.ts'
import { signIn, startService } from './servers.ts'
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
