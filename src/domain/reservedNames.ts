import { Problem } from '../problem.ts'

/** Names that would pass for the service or those who run it. Administrators may give them away, nobody may take them. */
const reserved = new Set([
  'admin',
  'administrator',
  'root',
  'system',
  'support',
  'security',
  'postmaster',
  'hostmaster',
  'webmaster',
  'abuse',
])

/** Throws `conflict` for a name that people may not choose for themselves, with or without separators. */
export function refuseReservedName(username: string): void {
  if (!reserved.has(username.toLowerCase().replace(/[._-]/g, ''))) return
  const detail = 'is reserved; choose another'
  throw new Problem('conflict', { errors: [{ in: 'body', pointer: '/username', code: 'reserved', detail }] })
}
