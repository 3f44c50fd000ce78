import pg from 'pg'

/** As many as an organisation of a fair size has; an index over them is deeper than one page. */
export const peopleCount = 100_000

/** The n-th identifier, n from 1: `getUser.lua` makes the same. */
export function personId(n: number): string {
  return `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
}

const seed = `
  INSERT INTO users (id, username, email, email_verified, first_name, last_name, password_hash)
  SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
         'person' || n, 'person' || n || '@example.com', n % 3 <> 0,
         (ARRAY['Ada','Grace','Alan','Edsger','Barbara','Donald','Frances','Tony'])[1 + n % 8],
         (ARRAY['Novak','Silva','Okafor','Tanaka','Jensen','Rossi','Dubois','Kim','Haddad'])[1 + n % 9], 'none'
  FROM generate_series(1, ${peopleCount}) AS n`

/** The same people at every run; none of them can sign in. */
export async function addPeople(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(seed)
    await client.query('VACUUM ANALYZE users')
  } finally {
    await client.end()
  }
}
