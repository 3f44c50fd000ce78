import { problemTypes } from '../../generated/contract.ts'
import { markdownTable } from './markdownTable.ts'

/** The types of problems by their status. */
export function problemTable(): string {
  const byStatus = Map.groupBy(Object.entries(problemTypes), ([, { status }]) => status)
  const rows = [...byStatus].map(([status, types]) => [
    String(status),
    types.map(([type, { title }]) => `\`${type}\`: ${title.toLowerCase()}`).join('<br>'),
  ])
  return markdownTable(
    ['status', 'types'],
    rows.sort(([one], [other]) => Number(one) - Number(other)),
  )
}
