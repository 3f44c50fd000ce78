import { contract, type OperationId, type Permission } from '../../generated/contract.ts'
import { hasPermission } from '../../src/security/permissions.ts'
import { markdownTable } from './markdownTable.ts'

/** The permissions that the contract names, those with the same holders on one line. */
export function permissionTable(): string {
  const permissions = new Set((Object.keys(contract) as OperationId[]).flatMap(permissionsOf))
  const byHolders = Map.groupBy([...permissions].sort(), holdersOf)
  const rows = [...byHolders].map(([holders, names]) => [names.map((name) => `\`${name}\``).join(' '), holders])
  return markdownTable(['permissions', 'roles'], rows.sort(byNumberOfHolders))
}

function permissionsOf(id: OperationId): Permission[] {
  const { permissions, propertyPermissions } = contract[id]
  return [...permissions.flat(), ...(Object.values(propertyPermissions) as Permission[])]
}

function holdersOf(permission: Permission): string {
  return (['user', 'moderator', 'admin'] as const).filter((role) => hasPermission(role, permission)).join(', ')
}

function byNumberOfHolders([, one = '']: string[], [, other = '']: string[]): number {
  return other.length - one.length
}
