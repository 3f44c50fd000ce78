import { sql, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import type { UsersTable } from '../db/tables.ts'
import { segmentsOf } from './userFilters.ts'

export type UserRow = Selectable<UsersTable>
export type NewUser = Insertable<UsersTable>
export type UserChanges = Updateable<UsersTable>
type VersionedUser = Pick<UserRow, 'id' | 'version'>

/** Every query here starts from this: a deleted user is invisible unless a name says otherwise. */
function liveUsers(db: Db) {
  return db.selectFrom('users').selectAll().where('deleted_at', 'is', null)
}

export function findUser(db: Db, id: string): Promise<UserRow | undefined> {
  return liveUsers(db).where('id', '=', id).executeTakeFirst()
}

/** By username or e-mail address, whatever the case. Only an e-mail address can hold an `@`. */
export function findUserByIdentifier(db: Db, identifier: string): Promise<UserRow | undefined> {
  const column = identifier.includes('@') ? 'email_key' : 'username_key'
  return liveUsers(db).where(column, '=', foldCase(identifier)).executeTakeFirst()
}

/** Reads a user and keeps others from changing it until the transaction ends. */
export function lockUser(tx: Tx, id: string): Promise<UserRow | undefined> {
  return liveUsers(tx).where('id', '=', id).forUpdate().executeTakeFirst()
}

export function insertUser(tx: Tx, user: NewUser): Promise<UserRow> {
  return tx.insertInto('users').values(user).returningAll().executeTakeFirstOrThrow()
}

/** Changes exactly the version that was read; there is no other, as the caller has locked the row. */
export function updateUser(tx: Tx, { id, version }: VersionedUser, changes: UserChanges): Promise<UserRow> {
  return tx
    .updateTable('users')
    .set({ ...changes, updated_at: sql`now()`, version: sql`version + 1` })
    .where('id', '=', id)
    .where('version', '=', version)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export function deleteUser(tx: Tx, { id, version }: VersionedUser): Promise<UserRow> {
  return tx
    .updateTable('users')
    .set({ deleted_at: sql`now()`, updated_at: sql`now()`, version: sql`version + 1` })
    .where('id', '=', id)
    .where('version', '=', version)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The one query that sees both the living and the deleted: what is held about a person is held until it is erased. */
export function findUserEvenDeleted(db: Db, id: string): Promise<UserRow | undefined> {
  return db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The same, and keeps others from changing the user until the transaction ends. */
export function lockUserEvenDeleted(tx: Tx, id: string): Promise<UserRow | undefined> {
  return tx.selectFrom('users').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Undoes a deletion; undefined where the user is not deleted. Throws where name or address are another's by now. */
export function restoreUser(tx: Tx, id: string): Promise<UserRow | undefined> {
  return tx
    .updateTable('users')
    .set({ deleted_at: null, updated_at: sql`now()`, version: sql`version + 1` })
    .where('id', '=', id)
    .where('deleted_at', 'is not', null)
    .returningAll()
    .executeTakeFirst()
}

/** Removes the row itself. Answers 1, or 0 where it was gone. */
export async function removeUser(tx: Tx, id: string): Promise<number> {
  return Number((await tx.deleteFrom('users').where('id', '=', id).executeTakeFirstOrThrow()).numDeletedRows)
}

/**
 * Records a sign-in, which is no change of the user: neither version nor `updated_at` move. Undefined where the password
 * that was verified is no longer the current one, or the account may not be used any more. `newHash` replaces the old.
 */
export function recordLogin(tx: Tx, user: UserRow, newHash: string | undefined): Promise<UserRow | undefined> {
  return tx
    .updateTable('users')
    .set({ last_login_at: sql`now()`, password_hash: newHash ?? user.password_hash })
    .where('id', '=', user.id)
    .where('password_hash', '=', user.password_hash)
    .where('is_active', '=', true)
    .where('deleted_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
}

/**
 * Live users by their keys, each looked up by itself: of a table without statistics, which one that is being filled has not,
 * PostgreSQL would choose to read everything for many at once.
 */
function usersByKey(column: 'username_key' | 'email_key', keys: string[]) {
  return sql<UserRow>`
    SELECT owner.* FROM unnest(${keys}::text[]) AS key CROSS JOIN LATERAL (
      SELECT * FROM users WHERE deleted_at IS NULL AND ${sql.ref(column)} = key LIMIT 1) AS owner`
}

/** Live users with any of the usernames or addresses, which have been folded (`foldCase`); some of them twice. */
export async function findUsersByKeys(db: Db, usernames: string[], emails: string[]): Promise<UserRow[]> {
  const [named, addressed] = [usersByKey('username_key', usernames), usersByKey('email_key', emails)]
  return (await sql<UserRow>`${named} UNION ALL ${addressed}`.execute(db)).rows
}

/** The same, each once, and kept from being changed by others until the transaction ends. */
export async function lockUsersByKeys(tx: Tx, usernames: string[], emails: string[]): Promise<UserRow[]> {
  const [named, addressed] = [usersByKey('username_key', usernames), usersByKey('email_key', emails)]
  const { rows } = await sql<UserRow>`
    SELECT locked.* FROM (SELECT DISTINCT id FROM (${named} UNION ALL ${addressed}) AS found ORDER BY id) AS picked
    CROSS JOIN LATERAL (
      SELECT * FROM users WHERE id = picked.id AND deleted_at IS NULL
        AND (username_key = ANY(${usernames}) OR email_key = ANY(${emails}))
      LIMIT 1 FOR UPDATE) AS locked`.execute(tx)
  return rows
}

export type WholeNewUser = Required<
  Omit<NewUser, 'last_login_at' | 'version' | 'created_at' | 'updated_at' | 'deleted_at'>
>

/** Adds users in one statement, those excepted whose username or address is taken by now; answers the ids of the others. */
export async function insertUsers(tx: Tx, users: WholeNewUser[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    INSERT INTO users
      (id, username, email, email_verified, first_name, last_name, role, is_active, password_hash)
    SELECT id, username, email, email_verified, first_name, last_name, role, is_active, password_hash
    FROM json_to_recordset(${JSON.stringify(users)}::json) AS given
      (id uuid, username text, email text, email_verified boolean, first_name text, last_name text, role text,
       is_active boolean, password_hash text)
    ON CONFLICT DO NOTHING
    RETURNING id`.execute(tx)
  return new Set(rows.map(({ id }) => id))
}

/** Which of the two belong to another live user. */
export async function findTaken(
  db: Db,
  { id, username, email }: { id?: string; username?: string | undefined; email?: string | undefined },
): Promise<('username' | 'email')[]> {
  const keys = { username: foldCase(username ?? ''), email: foldCase(email ?? '') }
  const owners = await liveUsers(db)
    .where((where) => where.or([where('username_key', '=', keys.username), where('email_key', '=', keys.email)]))
    .$if(id !== undefined, (query) => query.where('id', '!=', id!))
    .execute()
  const fields = ['username', 'email'] as const
  return fields.filter((field) => owners.some((owner) => owner[`${field}_key`] === keys[field]))
}

/** Until the transaction ends nobody else adds the first administrator or removes one. */
export async function lockAdministrators(tx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('users.administrators'))`.execute(tx)
}

/**
 * Whether somebody else could administer the service. Of two requests that each remove one of the last two
 * administrators, the second sees what the first did.
 */
export async function hasOtherActiveAdministrator(tx: Tx, id: string): Promise<boolean> {
  await lockAdministrators(tx)
  // By segment, which an index has, although few of millions are meant.
  const others = liveUsers(tx)
    .where('segment', 'in', segmentsOf({ role: 'admin', is_active: true }))
    .where('id', '!=', id)
  return (await others.limit(1).executeTakeFirst()) !== undefined
}

/** Deleted ones count: a database whose people are all gone is not a new one. */
export async function hasAnyUser(db: Db): Promise<boolean> {
  return (await db.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** Folds ASCII alone, exactly as the database's generated key columns do. */
export function foldCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
