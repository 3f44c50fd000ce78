import { contract, type OperationId } from '../../generated/contract.ts'
import document from '../../generated/openapi.json' with { type: 'json' }
import { markdownTable } from './markdownTable.ts'

/** Every operation with what it needs and what it does, in the words of the contract. */
export function operationTable(): string {
  const rows = (Object.keys(contract) as OperationId[]).map((id) => {
    const { method, path, permissions, rateLimit } = contract[id]
    const needed = permissions.flat().map((each) => `\`${each}\``)
    return [`\`${method.toUpperCase()} ${path}\``, `\`${id}\``, needed.join(' or ') || '–', rateLimit, summaryOf(id)]
  })
  return markdownTable(['operation', 'name', 'permission', 'limit', 'does'], rows)
}

function summaryOf(id: OperationId): string {
  const paths = document.paths as unknown as Record<string, Record<string, { summary: string }>>
  return paths[contract[id].path]?.[contract[id].method]?.summary ?? ''
}
