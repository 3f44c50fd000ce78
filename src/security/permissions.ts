import type { Permission } from '../../generated/contract.ts'
import type { Actor, Role } from './actor.ts'

const everybody: Role[] = ['user', 'moderator', 'admin']
const staff: Role[] = ['moderator', 'admin']
const administrators: Role[] = ['admin']

/** Who has which of the permissions the contract names. One that nobody was given does not compile. */
const holders: Record<Permission, Role[]> = {
  'sessions:end:own': everybody,
  'sessions:read:own': everybody,
  'users:export-data:own': everybody,
  'users:read:own': everybody,
  'users:set-password:own': everybody,
  'users:update:own': everybody,
  'users:read': staff,
  'users:update': staff,
  'users:set-active': staff,
  'sessions:read': staff,
  'sessions:end': staff,
  'audit:read:user': staff,
  'audit:read': administrators,
  'users:create': administrators,
  'users:set-password': administrators,
  'users:delete': administrators,
  'users:restore': administrators,
  'users:erase': administrators,
  'users:export-data': administrators,
  'users:set-role': administrators,
  'users:import': administrators,
  'users:export': administrators,
}

/** Whether the role has the permission at all; what it reaches is `mayManage`'s to say. */
export function hasPermission(role: Role, permission: Permission): boolean {
  return holders[permission].includes(role)
}

/**
 * Whether one of the alternatives the contract lists is met. A permission that ends in `:own` counts where the path
 * names the caller, or nobody.
 */
export function isPermitted(
  actor: Actor,
  alternatives: readonly (readonly Permission[])[],
  userId: string | undefined,
): boolean {
  const isOwn = userId === undefined || userId === actor.id
  return alternatives.some((permissions) =>
    permissions.every((each) => hasPermission(actor.role, each) && (isOwn || !each.endsWith(':own'))),
  )
}

interface Account {
  id: string
  role: Role
}

/** Whether the actor may change this account: administrators all, moderators plain users, everybody their own. */
export function mayManage(actor: Actor, target: Account): boolean {
  return actor.role === 'admin' || actor.id === target.id || (actor.role === 'moderator' && target.role === 'user')
}

/** The properties with a permission of their own. Nobody but an administrator writes them on their own account. */
export function mayWrite(actor: Actor, target: Account, permission: Permission): boolean {
  return hasPermission(actor.role, permission) && (actor.role === 'admin' || actor.id !== target.id)
}
