import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Setup } from './servers.ts'

/** Another database on the same server. */
export async function addDatabase(setup: Setup): Promise<Setup> {
  const name = `bench_${randomBytes(6).toString('hex')}`
  const client = new pg.Client({ connectionString: setup.databaseUrl })
  await client.connect()
  await client.query(`CREATE DATABASE ${name}`).finally(() => client.end())
  const url = new URL(setup.databaseUrl)
  url.pathname = name
  return { ...setup, databaseUrl: url.href }
}
