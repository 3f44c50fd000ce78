import { execFile } from 'node:child_process'
import pg from 'pg'

const counted = `
  WITH made AS MATERIALIZED (SELECT id, username, email FROM users WHERE username LIKE 'import.%'),
    told AS MATERIALIZED (SELECT subject_id FROM audit_events WHERE action = 'user.created' AND actor_id IS NOT NULL)
  SELECT (SELECT count(*) FROM made)::integer AS "users",
    (SELECT count(DISTINCT lower(username)) FROM made)::integer AS "different usernames",
    (SELECT count(DISTINCT lower(email)) FROM made)::integer AS "different addresses",
    (SELECT count(*) FROM user_import_results)::integer AS "results",
    (SELECT count(DISTINCT line) FROM user_import_results WHERE status = 'created')::integer AS "lines with the result created",
    (SELECT count(DISTINCT made.id) FROM user_import_results JOIN made ON made.id = user_id)::integer AS "users in results",
    (SELECT count(*) FROM told)::integer AS "events user.created",
    (SELECT count(DISTINCT made.id) FROM told JOIN made ON made.id = subject_id)::integer AS "users with an event",
    (SELECT count(*) FROM made JOIN subject_keys ON user_id = made.id)::integer AS "keys of users",
    (SELECT created FROM user_imports WHERE status = 'completed' AND failed + skipped + updated = 0) AS "rows that the import tells of"`

/** How often there is what an import leaves for each of its rows; all of them are to be the number of rows. */
export async function countImported(databaseUrl: string): Promise<Record<string, number | null>> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, number | null>>(counted)
    return rows[0] ?? {}
  } finally {
    await client.end()
  }
}

/** Holds the audit trail against its seals as an operator does. */
export function verifyTrail(env: Record<string, string>): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile('npm', ['run', '--silent', 'audit:verify'], {
      env: { PATH: process.env.PATH ?? '', ...env },
      cwd: `${import.meta.dirname}/..`,
    })
    let output = ''
    child.stdout?.on('data', (text: string) => (output += text))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}
