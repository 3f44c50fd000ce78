import pg from 'pg'
import { createSecret, hashSecret } from '../src/security/secrets.ts'
import { addChains } from './people.ts'
import { serveWork } from './workServer.ts'

/**
 * The limit of refreshes: what PostgreSQL has to be asked for one, in three statements of one transaction, written by
 * hand. There is no HTTP, no token to sign, no limit, no audit event.
 */
const databaseUrl = process.env.DATABASE_URL ?? ''
const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 })
const spend = `UPDATE refresh_tokens SET spent_at = clock_timestamp()
  WHERE token_hash = $1 AND spent_at IS NULL AND expires_at > now() RETURNING session_id`
const check = `SELECT user_id, role FROM sessions JOIN users ON users.id = user_id
  WHERE sessions.id = $1 AND ended_at IS NULL AND expires_at > now() AND is_active AND deleted_at IS NULL`
const succeed = `INSERT INTO refresh_tokens (token_hash, session_id, expires_at) VALUES ($1, $2, now() + interval '7 days')`

async function rotate(token: string): Promise<string> {
  const successor = createSecret()
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const spent = await client.query<{ session_id: string }>(spend, [hashSecret(token)])
    const sessionId = spent.rows[0]?.session_id
    const live = await client.query(check, [sessionId])
    if (live.rows.length === 0) throw new Error('the token is not live')
    await client.query(succeed, [hashSecret(successor), sessionId])
    await client.query('COMMIT')
  } finally {
    client.release()
  }
  return successor
}

const chains = await addChains(databaseUrl)
serveWork(10, async () => {
  chains.push(await rotate(chains.shift() ?? ''))
})
