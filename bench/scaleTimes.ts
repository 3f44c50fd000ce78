import pg from 'pg'
import type { Db } from '../src/db/database.ts'
import type { PageRequest } from '../src/db/page.ts'
import { listUsers } from '../src/queries/userList.ts'
import { countUsers } from '../src/queries/userTotal.ts'
import type { UserSort } from '../src/queries/userFilters.ts'
import type { Plan, Watch } from '../test/support/explain.ts'
import { pageSize, type Case, type SamplePerson } from './scaleCases.ts'

/** A database of so many people, and some of them. */
export interface Crowd {
  count: number
  db: Db
  watched: Watch
  people: (SamplePerson & Record<`key_${UserSort}`, string> & { id: string })[]
}

export interface Times {
  p50: number
  p95: number
}

const sampleSize = 300

/** People from all over the database, the same at every run. */
export async function samplePeople(databaseUrl: string, count: number): Promise<Crowd['people']> {
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c TimeZone=UTC' })
  await client.connect()
  try {
    const share = Math.min(100, (100 * sampleSize) / count)
    const { rows } = await client.query<Crowd['people'][0]>(
      `SELECT id, username, email, to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created_at, created_at::text AS key_created_at, updated_at::text AS key_updated_at,
         username_key AS key_username, email_key AS key_email, coalesce(last_login_at, '1970-01-01T00:00:00Z')::text AS key_last_login_at
       FROM users TABLESAMPLE BERNOULLI (${share}) REPEATABLE (1) WHERE deleted_at IS NULL`,
    )
    return rows
  } finally {
    await client.end()
  }
}

export async function measure({ db, people }: Crowd, each: Case, requests: number): Promise<Times> {
  const times: number[] = []
  const warmUp = Math.ceil(requests / 5)
  for (let index = 0; index < warmUp + requests; index += 1) {
    const work = await prepare(db, people, each, index)
    const before = performance.now()
    await work()
    if (index >= warmUp) times.push(performance.now() - before)
  }
  const sorted = times.toSorted((a, b) => a - b)
  const quantile = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN
  return { p50: quantile(0.5), p95: quantile(0.95) }
}

/** What the queries of one request of the case do. */
export async function explain({ watched, people }: Crowd, each: Case): Promise<Plan[]> {
  const work = await prepare(watched.db, people, each, 7)
  return watched.plansOf(work)
}

async function prepare(db: Db, people: Crowd['people'], each: Case, index: number): Promise<() => Promise<unknown>> {
  const person = people[index % people.length]
  if (!person) throw new Error('there is nobody in the database')
  const filters = each.filters(person)
  if (each.isCount) return () => countUsers(db, filters)
  const column = each.sorts[index % each.sorts.length] ?? 'created_at'
  const order = index % 2 === 0 ? 'desc' : 'asc'
  const request: PageRequest<UserSort> = { column, order, limit: pageSize, direction: 'next', after: undefined }
  if (each.place === 'deep') request.after = [person[`key_${column}`], person.id]
  if (each.place === 'last') {
    const { rows } = await listUsers(db, filters, {
      ...request,
      order: order === 'asc' ? 'desc' : 'asc',
      limit: pageSize + 1,
    })
    const before = rows.at(-1)
    if (before) request.after = [before.sort_key, before.id]
  }
  return () => listUsers(db, filters, request)
}
