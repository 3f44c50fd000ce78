import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { StartupError } from '../startupError.ts'

export const ownerRole = 'user_management_owner'
export const applicationRole = 'user_management_app'

/** Something that must hold: how to see it (one boolean, `answer`) and what makes it so. */
interface Need {
  holds: string
  remedy: string
}

// The roles belong to the whole server, so instances with other databases may be doing the same: 42710 and 23505 say
// that another made the role first, XX000 ("tuple concurrently updated") that it granted something first.
const rivalry = new Set(['42710', '23505', 'XX000'])
// insufficient_privilege; undefined_object: an earlier remedy of the list was refused
const refusals = new Set(['42501', '42704'])
const attempts = 10

/**
 * Makes the two NOLOGIN roles when missing, lets the current user act as them, gives the owner what it needs to migrate
 * and takes from everybody the right to create in the database. Needs a superuser, or an owner of the database with
 * CREATEROLE; does nothing where all is in place. Throws a StartupError with the statements an administrator has to run.
 */
export async function ensureRoles(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ database: string; login: string }>(
    'SELECT current_database() AS database, session_user AS login',
  )
  const database = pg.escapeIdentifier(rows[0]?.database ?? '')
  const login = pg.escapeIdentifier(rows[0]?.login ?? '')
  const missing: string[] = []
  for (const need of needs(database, login)) {
    if (!(await satisfy(client, need))) missing.push(need.remedy)
  }
  if (missing.length === 0) return
  throw new StartupError(
    `The user ${login} may not prepare the database ${database}; let an administrator run there: ${missing.join('; ')}.`,
  )
}

function needs(database: string, login: string): Need[] {
  return [
    ...[ownerRole, applicationRole].flatMap((role) => [
      { holds: `EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}')`, remedy: `CREATE ROLE ${role} NOLOGIN` },
      { holds: mayAct(role), remedy: `GRANT ${role} TO ${login}` },
      {
        holds: `has_schema_privilege('${role}', 'public', 'USAGE')`,
        remedy: `GRANT USAGE ON SCHEMA public TO ${role}`,
      },
    ]),
    // Granted to the owner by name before everybody loses it; before 15 everybody has it.
    { holds: ownerMayCreate, remedy: `GRANT CREATE ON SCHEMA public TO ${ownerRole}` },
    {
      holds: `has_database_privilege('${ownerRole}', current_database(), 'CREATE')`,
      remedy: `GRANT CREATE ON DATABASE ${database} TO ${ownerRole}`,
    },
    {
      holds: `NOT has_schema_privilege('${applicationRole}', 'public', 'CREATE')`,
      remedy: 'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
    },
    {
      holds: `NOT has_database_privilege('${applicationRole}', current_database(), 'TEMPORARY')`,
      remedy: `REVOKE TEMPORARY ON DATABASE ${database} FROM PUBLIC`,
    },
  ]
}

// Whether SET ROLE would succeed. From 16 on a membership may leave that out; who makes a role has it left out.
const mayAct = (role: string): string => `COALESCE((SELECT pg_has_role(session_user, oid,
  CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
  FROM pg_roles WHERE rolname = '${role}'), false)`

const ownerMayCreate = `EXISTS (SELECT FROM pg_namespace, aclexplode(nspacl) JOIN pg_roles ON oid = grantee
  WHERE nspname = 'public' AND rolname = '${ownerRole}' AND privilege_type = 'CREATE')`

// A remedy without the right to it is refused or, for some grants, merely warned about: hence the second look.
async function satisfy(client: pg.Client, need: Need): Promise<boolean> {
  for (let attempt = 1; !(await isTrue(client, need.holds)); attempt += 1) {
    if (attempt > attempts) return false
    try {
      await client.query(need.remedy)
    } catch (error) {
      const code = error instanceof pg.DatabaseError ? error.code : undefined
      if (code && refusals.has(code)) return false
      if (!code || !rivalry.has(code)) throw error
      await sleep(20 * attempt)
    }
  }
  return true
}

async function isTrue(client: pg.Client, condition: string): Promise<boolean> {
  try {
    const { rows } = await client.query<{ answer: boolean }>(`SELECT ${condition} AS answer`)
    return rows[0]?.answer === true
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code && refusals.has(error.code)) return false
    throw error
  }
}
