import { randomBytes, randomInt } from 'node:crypto'
import argon2 from 'argon2'
import pg from 'pg'
import { createSecret, hashSecret } from '../src/security/secrets.ts'

/** As many as an organisation of a fair size has; an index over them is deeper than one page. */
export const peopleCount = 100_000

/** The first of them can sign in, all with one password. Enough that none gets near a limit of sessions. */
const accountCount = 2000

/** The chains of refresh tokens; enough that none gets near 30 refreshes a minute. */
const chainCount = 4000

export interface Credentials {
  password: string
  /** As the service would write it with its default settings. */
  passwordHash: string
}

/** The n-th identifier, n from 1: `getUser.lua` makes the same. */
export function personId(n: number): string {
  return `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
}

export function randomPersonId(): string {
  return personId(randomInt(1, peopleCount + 1))
}

export function randomUsername(): string {
  return `person${randomInt(1, accountCount + 1)}`
}

const people = `
  INSERT INTO users (id, username, email, email_verified, first_name, last_name, password_hash)
  SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
         'person' || n, 'person' || n || '@example.com', n % 3 <> 0,
         (ARRAY['Ada','Grace','Alan','Edsger','Barbara','Donald','Frances','Tony'])[1 + n % 8],
         (ARRAY['Novak','Silva','Okafor','Tanaka','Jensen','Rossi','Dubois','Kim','Haddad'])[1 + n % 9],
         CASE WHEN n <= ${accountCount} THEN $1 ELSE 'none' END
  FROM generate_series(1, ${peopleCount}) AS n`

/** The same people at every run. */
export async function addPeople(databaseUrl: string): Promise<Credentials> {
  const password = randomBytes(15).toString('base64url')
  const passwordHash = await argon2.hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
  await withClient(databaseUrl, async (client) => {
    await client.query(people, [passwordHash])
    await client.query('VACUUM ANALYZE users')
  })
  return { password, passwordHash }
}

const chains = `
  WITH started AS (
    INSERT INTO sessions (id, user_id, ip, user_agent, expires_at)
    SELECT gen_random_uuid(), ('00000000-0000-7000-8000-' || lpad(to_hex(1 + n % ${accountCount}), 12, '0'))::uuid,
           '192.0.2.1', 'bench', now() + interval '30 days'
    FROM generate_series(1, ${chainCount}) AS n
    RETURNING id
  )
  INSERT INTO refresh_tokens (token_hash, session_id, expires_at)
  SELECT token_hash, id, now() + interval '7 days'
  FROM (SELECT id, row_number() OVER () AS n FROM started)
  JOIN unnest($1::bytea[]) WITH ORDINALITY AS given (token_hash, n) USING (n)`

/** Opens sessions and answers the refresh token of each. */
export async function addChains(databaseUrl: string): Promise<string[]> {
  const tokens = Array.from({ length: chainCount }, createSecret)
  await withClient(databaseUrl, async (client) => {
    await client.query(chains, [tokens.map(hashSecret)])
    await client.query('VACUUM ANALYZE sessions, refresh_tokens')
  })
  return tokens
}

export async function withClient(databaseUrl: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
